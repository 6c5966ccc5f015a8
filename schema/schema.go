// Package schema holds the published JSON Schemas of contactsync's files, and
// judges values by them.
//
// The schemas are draft-07, which editors understand best. They describe values as
// an editor sees them, with YAML's plain scalars resolved: where contactsync takes
// the text that stands in a file (zip: 02139), a schema allows a number as well.
// Null is allowed nowhere, since a line without a value is a mistake.
//
// A schema is a first check, for editors and for other programs: whatever
// contactsync reads, its schema accepts. Rules between lines and between files
// (addresses declared twice, unknown property names) are beyond it.
//
// Nothing outside this package is ever loaded, from the network or from a disk, and
// no error repeats a value of the document.
package schema

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed *.schema.json
var files embed.FS

// Kind is a kind of file that has a schema.
type Kind uint8

// The kinds of files.
const (
	Desired Kind = iota + 1 // contacts as they should be
	Project                 // contactsync.yaml
	Fixture                 // what a new local portal is filled with
	Faults                  // what goes wrong on a local portal
	Plan                    // one line of a saved plan
	Events                  // one line of the event stream
)

// kinds are all kinds, in their order.
var kinds = []Kind{Desired, Project, Fixture, Faults, Plan, Events}

// Kinds lists all kinds.
func Kinds() []Kind { return slices.Clone(kinds) }

// File is the published name of the kind's schema, the one that editors are given;
// empty for a Kind that is none of the constants.
func (k Kind) File() string {
	switch k {
	case Desired:
		return "contactsync.schema.json"
	case Project:
		return "project.schema.json"
	case Fixture:
		return "fixture.schema.json"
	case Faults:
		return "faults.schema.json"
	case Plan:
		return "plan.schema.json"
	case Events:
		return "events.schema.json"
	}
	return ""
}

// Text is the published schema of a kind: JSON in UTF-8 that ends with a line feed.
// It is nil for a Kind that is none of the constants.
func Text(kind Kind) []byte {
	text, err := files.ReadFile(kind.File())
	if err != nil {
		return nil
	}
	return text
}

// Validate judges one document by the schema of its kind. The value is what a JSON
// decoder makes (map[string]any, []any, string, bool, nil, numbers that are finite);
// Value makes one of YAML. Everything that takes the text of a file takes it as a string
// too; version, type_id, whole-number limits and flags are numbers and booleans.
//
// The error is an *Error, with everything that was refused, if the value does not
// fit the schema.
func Validate(kind Kind, value any) error {
	schema, known := compiled()[kind]
	if !known {
		return fmt.Errorf("validating: no schema for kind %d", kind)
	}
	return refusal(kind, schema.Validate(value))
}

// compiled are the schemas of all kinds. They are part of the program, so one that
// does not compile is a fault that no caller could handle.
var compiled = sync.OnceValue(func() map[Kind]*jsonschema.Schema {
	schemas := make(map[Kind]*jsonschema.Schema, len(kinds))
	for _, kind := range kinds {
		schema, err := compile(base+kind.File(), Text(kind))
		if err != nil {
			panic(err)
		}
		schemas[kind] = schema
	}
	return schemas
})
