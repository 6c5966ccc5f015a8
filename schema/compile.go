package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// base is where the schemas are published; their $id is base and their name. It is
// a name only: nothing is fetched from there.
const base = "https://raw.githubusercontent.com/contactsync/contactsync/main/schema/"

// errForeign is why a reference out of this package is refused.
var errForeign = errors.New("it is not one of the embedded schemas")

// compile makes a schema of its text, known as id. References lead to the text
// itself, to the other embedded schemas and to the meta-schemas of the drafts,
// which the library embeds; any other one is refused unread.
func compile(id string, text []byte) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft7
	compiler.LoadURL = embedded
	if err := compiler.AddResource(id, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("reading schema %s: %w", id, err)
	}
	schema, err := compiler.Compile(id)
	if err != nil {
		return nil, fmt.Errorf("compiling schema %s: %w", id, err)
	}
	return schema, nil
}

// embedded opens an embedded schema by its published address. It stands in for the
// library's own loader, which opens any file of the machine.
func embedded(address string) (io.ReadCloser, error) {
	name, ours := strings.CutPrefix(address, base)
	if !ours {
		return nil, fmt.Errorf("loading schema %s: %w", address, errForeign)
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("loading schema %s: %w", address, errForeign)
	}
	return file, nil
}
