package spec_test

import (
	"fmt"
	"io"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// manyContacts is a document like an export: seven values and one association a
// contact.
func manyContacts(count int) *spec.Document {
	contacts := make([]spec.Contact, count)
	for i := range contacts {
		c := declared(fmt.Sprintf("person%06d@company%04d.example", i, i%4000),
			declaredValue("city", "Saint-Étienne"),
			declaredValue("company", fmt.Sprintf("Company %d, Inc.", i%4000)),
			declaredValue("firstname", "Ada"),
			declaredValue("jobtitle", "Head of Analytical Engines"),
			declaredValue("lastname", "Lovelace"),
			declaredValue("phone", fmt.Sprintf("+1555%07d", i)),
			declaredValue("zip", fmt.Sprintf("%05d", i%99999)),
		)
		c.Associations = []spec.Association{{
			To:     crm.Target{Type: crm.TypeCompany, ID: crm.ObjectID(fmt.Sprint(9000 + i%4000))},
			Labels: []string{"Primary"},
		}}
		contacts[i] = c
	}
	return spec.NewDocument(contacts)
}

// BenchmarkEncode writes 10,000 contacts in canonical form; marshal is the same
// data by yaml.Marshal.
func BenchmarkEncode(b *testing.B) {
	document := manyContacts(10_000)
	b.Run("canonical", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := document.Encode(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("marshal", func(b *testing.B) {
		same := marshalled(document)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := yaml.Marshal(same); err != nil {
				b.Fatal(err)
			}
		}
	})
}

type yamlFile struct {
	Version  int           `yaml:"version"`
	Contacts []yamlContact `yaml:"contacts"`
}

type yamlContact struct {
	Email        string            `yaml:"email"`
	Properties   map[string]string `yaml:"properties"`
	Associations []yamlAssociation `yaml:"associations"`
}

type yamlAssociation struct {
	To     string   `yaml:"to"`
	ID     string   `yaml:"id"`
	Labels []string `yaml:"labels"`
}

func marshalled(document *spec.Document) yamlFile {
	file := yamlFile{Version: 1}
	for _, contact := range document.All() {
		one := yamlContact{Email: contact.Written, Properties: make(map[string]string)}
		for _, property := range contact.Properties {
			one.Properties[property.Name] = property.Text
		}
		for _, association := range contact.Associations {
			one.Associations = append(one.Associations, yamlAssociation{
				To: string(association.To.Type), ID: string(association.To.ID), Labels: association.Labels,
			})
		}
		file.Contacts = append(file.Contacts, one)
	}
	return file
}
