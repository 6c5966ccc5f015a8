package spec

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/schema"
)

// What the reader accepts is judged by the published schema too: a net behind it,
// so that editors and other programs that trust the schema never see less than the
// reader does.

// net holds a value that the reader accepted against the schema of its kind.
func (r *reader) net(kind schema.Kind, node *yaml.Node, value any) {
	if err := schema.Validate(kind, value); err != nil {
		r.report(diag.SchemaDisagrees, r.file.at(node), fmt.Sprintf("The reader accepts this and the schema does not: %v.", err), "report this message")
	}
}

// netTop holds the top level of a document against the schema, without its contacts.
func (r *reader) netTop(fields []field) {
	top := make(map[string]any, len(fields))
	for _, f := range fields {
		if f.key == "contacts" {
			top[f.key] = []any{}
			continue
		}
		top[f.key] = schema.Value(f.value)
	}
	r.net(schema.Desired, fields[0].name, top)
}

// netContact holds one contact against the schema, in a document of its own.
func (r *reader) netContact(node *yaml.Node) {
	r.net(schema.Desired, node, map[string]any{"version": 1, "contacts": []any{schema.Value(node)}})
}
