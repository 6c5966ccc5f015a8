package spec_test

import (
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

func TestConditionHolds(t *testing.T) {
	t.Parallel()
	definitions := map[string]crm.Property{
		"managed_by":           {Name: "managed_by", Type: "string", FieldType: "text"},
		"score":                {Name: "score", Type: "number", FieldType: "number"},
		"tags":                 {Name: "tags", Type: "enumeration", FieldType: "checkbox"},
		"num_associated_deals": {Name: "num_associated_deals", Type: "number", FieldType: "number"},
	}
	equals := func(name, text string) spec.Condition { return spec.Condition{Property: name, Equals: &text} }
	in := func(name string, texts ...string) spec.Condition { return spec.Condition{Property: name, In: texts} }
	has := func(name string, some bool) spec.Condition { return spec.Condition{Property: name, Has: &some} }
	for _, test := range []struct {
		condition spec.Condition
		text      string
		want      bool
		words     string
	}{
		{equals("managed_by", "contactsync"), "contactsync", true, "managed_by = contactsync"},
		{equals("managed_by", "contactsync"), "Contactsync", false, "managed_by = contactsync"},
		{equals("managed_by", ""), "", true, "managed_by is empty"},
		{equals("score", "1"), "1.0", true, "score = 1"},
		{equals("tags", "b;a"), "a;b", true, "tags = b;a"},
		{equals("unknown", "x"), "x", true, "unknown = x"},
		{in("managed_by", "a", "b"), "b", true, "managed_by is a or b"},
		{in("managed_by", "a", "b"), "", false, "managed_by is a or b"},
		{in("tags", "b", "c"), "a;b", true, "tags is b or c"},
		{in("tags", "c"), "a;b", false, "tags is c"},
		{has("managed_by", true), "0", true, "managed_by has a value"},
		{has("managed_by", false), "", true, "managed_by has no value"},
		{has("num_associated_deals", true), "0", false, "num_associated_deals has a value"},
		{has("num_associated_deals", true), "2", true, "num_associated_deals has a value"},
		{has("num_associated_deals", false), "0", true, "num_associated_deals has no value"},
	} {
		live := crm.NewProperties(crm.Value{Name: test.condition.Property, Text: test.text})
		if got := test.condition.Holds(live, definitions); got != test.want {
			t.Errorf("%s of %q: %t", test.words, test.text, got)
		}
		if got := test.condition.String(); got != test.words {
			t.Errorf("%q, want %q", got, test.words)
		}
	}
}

func TestScopeHolds(t *testing.T) {
	t.Parallel()
	ours, some := "contactsync", true
	where := spec.Scope{Kind: spec.ScopeWhere, Where: []spec.Condition{{Property: "managed_by", Equals: &ours}, {Property: "zip", Has: &some}}}
	both := crm.NewProperties(crm.Value{Name: "managed_by", Text: ours}, crm.Value{Name: "zip", Text: "02139"})
	for _, test := range []struct {
		scope spec.Scope
		live  crm.Properties
		want  bool
		words string
	}{
		{spec.Scope{Kind: spec.ScopeListed}, both, false, "listed"},
		{spec.Scope{Kind: spec.ScopeAll}, nil, true, "all"},
		{where, both, true, "managed_by = contactsync and zip has a value"},
		{where, both[:1], false, "managed_by = contactsync and zip has a value"},
		{spec.Scope{Kind: spec.ScopeWhere}, both, false, ""},
	} {
		if got := test.scope.Holds(test.live, nil); got != test.want {
			t.Errorf("scope %s: %t", test.words, got)
		}
		if got := test.scope.String(); got != test.words {
			t.Errorf("%q, want %q", got, test.words)
		}
	}
}
