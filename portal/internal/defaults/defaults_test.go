package defaults_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
)

type property = hubspot.Property

func find(t *testing.T, objectType crm.ObjectType, name string) property {
	t.Helper()
	properties := defaults.Properties(objectType)
	i := slices.IndexFunc(properties, func(p property) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("%s has no property %s", objectType, name)
	}
	return properties[i]
}

func TestContactPropertiesAreThoseOfARealPortal(t *testing.T) {
	t.Parallel()
	properties := defaults.Properties(crm.TypeContact)
	writable, hidden := 0, 0
	for _, p := range properties {
		if !p.ModificationMetadata.ReadOnlyValue {
			writable++
		}
		if p.Hidden {
			hidden++
		}
	}
	if len(properties) != 366 || writable != 112 {
		t.Errorf("%d definitions, %d of them writable, want 366 and 112", len(properties), writable)
	}
	if hidden == 0 {
		t.Error("no definition is hidden; HubSpot has many")
	}
	email := find(t, crm.TypeContact, "email")
	if !email.HasUniqueValue || email.Type != "string" || email.FieldType != "text" {
		t.Errorf("email is %+v, want a unique string of one line", email)
	}
	stage := find(t, crm.TypeContact, "lifecyclestage")
	if len(stage.Options) != 8 || !stage.ExternalOptions || stage.Options[0].Value != "subscriber" {
		t.Errorf("lifecyclestage has options %v", stage.Options)
	}
}

func TestDefinitionsAreComplete(t *testing.T) {
	t.Parallel()
	for _, objectType := range crm.ObjectTypes() {
		properties := defaults.Properties(objectType)
		if len(properties) == 0 {
			t.Errorf("%s has no properties", objectType)
		}
		groups := map[string]bool{}
		for _, g := range defaults.Groups(objectType) {
			groups[g.Name] = true
		}
		seen := map[string]bool{}
		for _, p := range properties {
			if p.Name == "" || p.Label == "" || p.Type == "" || p.FieldType == "" || p.Options == nil || p.CreatedAt == "" || !p.HubSpotDefined {
				t.Errorf("%s.%s is incomplete: %+v", objectType, p.Name, p)
			}
			if seen[p.Name] {
				t.Errorf("%s.%s is defined twice", objectType, p.Name)
			}
			seen[p.Name] = true
			if !groups[p.GroupName] {
				t.Errorf("%s.%s is in group %q, which does not exist", objectType, p.Name, p.GroupName)
			}
		}
		if !slices.IsSortedFunc(properties, func(a, b property) int { return cmp.Compare(a.Name, b.Name) }) {
			t.Errorf("%s properties are not sorted by name", objectType)
		}
		if !find(t, objectType, "hs_object_id").ModificationMetadata.ReadOnlyValue {
			t.Errorf("%s.hs_object_id can be written", objectType)
		}
	}
	if got := defaults.Properties("2-17"); got != nil {
		t.Errorf("a custom object has %d default properties, want none", len(got))
	}
}

func TestCopiesAreFresh(t *testing.T) {
	t.Parallel()
	stage := find(t, crm.TypeDeal, "dealstage")
	stage.Options[0].Value = "changed"
	stage.ModificationMetadata.ReadOnlyValue = true
	if got := find(t, crm.TypeDeal, "dealstage"); got.Options[0].Value == "changed" || got.ModificationMetadata.ReadOnlyValue {
		t.Error("a change of one copy shows in the next")
	}
}

func TestAssociationTypesPairUp(t *testing.T) {
	t.Parallel()
	types := defaults.AssociationTypes()
	byID := map[int]defaults.AssociationType{}
	count := map[[2]crm.ObjectType]int{}
	for _, a := range types {
		if _, twice := byID[a.TypeID]; twice {
			t.Errorf("type id %d stands for two types", a.TypeID)
		}
		byID[a.TypeID] = a
		if a.Kind == defaults.Default {
			count[[2]crm.ObjectType{a.From, a.To}]++
		}
	}
	for _, a := range types {
		back, ok := byID[a.Inverse]
		if !ok || back.From != a.To || back.To != a.From || back.Inverse != a.TypeID {
			t.Errorf("%d %s has inverse %d, which does not lead back", a.TypeID, a.Name, a.Inverse)
		}
		if (a.Kind == defaults.Default) != (a.Label == nil) {
			t.Errorf("%d %s is of kind %s and has label %v", a.TypeID, a.Name, a.Kind, a.Label)
		}
		if got := count[[2]crm.ObjectType{a.From, a.To}]; got != 1 {
			t.Errorf("%s to %s has %d default types, want one", a.From, a.To, got)
		}
	}
	if a := byID[1]; a.Name != "contact_to_company" || a.Kind != defaults.Primary || a.Inverse != 2 || *a.Label != "Primary" {
		t.Errorf("type 1 is %+v, want the primary company of a contact", a)
	}
}
