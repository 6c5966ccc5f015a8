package values_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// definitions are the default contact properties, with a custom one of each
// type that they cannot show.
func definitions() map[string]hubspot.Property {
	all := append(defaults.Properties(crm.TypeContact),
		hubspot.Property{Name: "tags", Type: "enumeration", FieldType: "checkbox", Options: []hubspot.Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}},
		hubspot.Property{Name: "consent", Type: "bool", FieldType: "booleancheckbox"},
		hubspot.Property{Name: "score", Type: "number", FieldType: "number"},
		hubspot.Property{Name: "day", Type: "date", FieldType: "date"},
		hubspot.Property{Name: "at", Type: "datetime", FieldType: "date"},
		hubspot.Property{Name: "direct", Type: "phone_number", FieldType: "phonenumber"},
	)
	byName := make(map[string]hubspot.Property, len(all))
	for _, p := range all {
		byName[p.Name] = p
	}
	return byName
}

func TestStoreKeeps(t *testing.T) {
	t.Parallel()
	defs := definitions()
	for _, c := range []struct{ property, text, old, want string }{
		{"firstname", " Łucja ", "", " Łucja "},
		{"firstname", "", "Ada", ""},
		{"zip", "02139", "", "02139"},
		{"message", strings.Repeat("ü", 65536), "", strings.Repeat("ü", 65536)},
		{"email", " Ada@Example.COM ", "", "ada@example.com"},
		{"email", "ada@bücher.example", "", "ada@xn--bcher-kva.example"},
		{"email", "ada@somebody.co.uk", "", "ada@somebody.co.uk"},
		{"email", "", "ada@example.com", ""},
		{"hs_additional_emails", "Old@example.com;old@example.com;b@example.org", "", "old@example.com;b@example.org"},
		{"score", "1.50", "", "1.50"},
		{"score", "-.5", "", "-.5"},
		{"score", "+7", "", "+7"},
		{"score", "1e-3", "", "1e-3"},
		{"score", " 17 ", "", "17"},
		{"score", "-0.0E+10", "", "-0.0E+10"},
		{"consent", "true", "", "true"},
		{"consent", "true ", "", "true"},
		{"day", " 2024-02-29\n", "", "2024-02-29"},
		{"at", "\t1582947017000", "", "2020-02-29T03:30:17.000Z"},
		{"consent", "false", "true", "false"},
		{"day", "2024-02-29", "", "2024-02-29"},
		{"day", "1709164800000", "", "2024-02-29"},
		{"day", "-86400000", "", "1969-12-31"},
		{"day", "0", "", "1970-01-01"},
		{"day", "2024-02-29T00:00:00Z", "", "2024-02-29"},
		{"day", "2024-02-29T02:00:00+02:00", "", "2024-02-29"},
		{"at", "1582947017000", "", "2020-02-29T03:30:17.000Z"},
		{"at", "2020-02-29T03:30:17Z", "", "2020-02-29T03:30:17.000Z"},
		{"at", "2020-02-29T04:30:17.12345+01:00", "", "2020-02-29T03:30:17.123Z"},
		{"at", "2020-02-29T03:30Z", "", "2020-02-29T03:30:00.000Z"},
		{"at", "2020-02-29", "", "2020-02-29T00:00:00.000Z"},
		{"direct", "(0) 30 / 12-34", "", "(0) 30 / 12-34"},
		{"lifecyclestage", "customer", "lead", "customer"},
		{"hubspot_owner_id", "123456", "", "123456"},
		{"hs_persona", "persona_7", "", "persona_7"},
		{"tags", "b;a", "", "b;a"},
		{"tags", "b;a;b;", "", "b;a"},
		{"tags", ";c", "b;a", "b;a;c"},
		{"tags", ";a;c", "b;a", "b;a;c"},
		{"tags", ";c", "", "c"},
		{"tags", ";", "a;b", "a;b"},
		{"tags", ";c", "gone", "gone;c"},
		{"tags", "", "a;b", ""},
	} {
		got, problem := values.Store(defs[c.property], c.text, c.old)
		if problem != nil || got != c.want {
			t.Errorf("%s = %q over %q is stored as %q with problem %v, want %q", c.property, c.text, c.old, got, problem, c.want)
		}
	}
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	defs := definitions()
	for _, c := range []struct {
		property, text string
		want           values.Problem
	}{
		{"email", "example.lcom", values.Problem{Code: "INVALID_EMAIL", Message: "Email address example.lcom is invalid"}},
		{"email", "ada@example.lcom", values.Problem{Code: "INVALID_EMAIL", Message: "Email address ada@example.lcom is invalid"}},
		{"email", `"a b"@example.com`, values.Problem{Code: "INVALID_EMAIL", Message: `Email address "a b"@example.com is invalid`}},
		{"hs_additional_emails", "a@example.com;b", values.Problem{Code: "INVALID_EMAIL", Message: "Email address b is invalid"}},
		{"hs_buying_role", "reports", values.Problem{Code: "INVALID_OPTION", Message: "reports was not one of the allowed options: [BLOCKER, BUDGET_HOLDER, CHAMPION, DECISION_MAKER, END_USER, EXECUTIVE_SPONSOR, INFLUENCER, LEGAL_AND_COMPLIANCE, OTHER]"}},
		{"tags", "a; b", values.Problem{Code: "INVALID_OPTION", Message: " b was not one of the allowed options: [a, b, c]"}},
		{"tags", ";A", values.Problem{Code: "INVALID_OPTION", Message: "A was not one of the allowed options: [a, b, c]"}},
		{"lifecyclestage", "Customer", values.Problem{Code: "INVALID_OPTION", Message: "Customer was not one of the allowed options: [subscriber, lead, marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other]"}},
		{"hs_object_id", "7", values.Problem{Code: "READ_ONLY_VALUE", Message: `"hs_object_id" is a calculated property; its value cannot be set`}},
		{"hs_object_id", "", values.Problem{Code: "READ_ONLY_VALUE", Message: `"hs_object_id" is a calculated property; its value cannot be set`}},
		{"createdate", "0", values.Problem{Code: "READ_ONLY_VALUE", Message: `"createdate" is a read only property; its value cannot be set`}},
		{"score", "1,000", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", " ", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "1 000", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "1e1.5", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"lifecyclestage", " lead", values.Problem{Code: "INVALID_OPTION", Message: " lead was not one of the allowed options: [subscriber, lead, marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other]"}},
		{"score", "1.2.3", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "--1", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", ".", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "1e", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "NaN", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"score", "٣", values.Problem{Code: "INVALID_INTEGER", Message: "score was not a valid number"}},
		{"consent", "True", values.Problem{Code: "INVALID_BOOLEAN", Message: "True was not a valid boolean"}},
		{"day", "1606768561954", values.Problem{Code: "INVALID_DATE", Message: "1606768561954 is at 20:36:1.954 UTC, not midnight!"}},
		{"day", "2023-02-29", values.Problem{Code: "INVALID_LONG", Message: "2023-02-29 was not a valid long."}},
		{"day", "29.02.2024", values.Problem{Code: "INVALID_LONG", Message: "29.02.2024 was not a valid long."}},
		{"at", "tomorrow", values.Problem{Code: "INVALID_LONG", Message: "tomorrow was not a valid long."}},
		{"at", "2020-02-29T03:30:17", values.Problem{Code: "INVALID_LONG", Message: "2020-02-29T03:30:17 was not a valid long."}},
		{"at", "999999999999999999", values.Problem{Code: "INVALID_LONG", Message: "999999999999999999 was not a valid long."}},
		{"message", strings.Repeat("ü", 65537), values.Problem{Code: "VALUE_TOO_LONG", Message: "message is longer than 65536 characters"}},
	} {
		_, problem := values.Store(defs[c.property], c.text, "")
		if diff := cmp.Diff(&c.want, problem); diff != "" {
			t.Errorf("%s = %q (-want +got):\n%s", c.property, c.text, diff)
		}
	}
}

func TestAcceptTakesWhatHubSpotSetsItself(t *testing.T) {
	t.Parallel()
	got, problem := values.Accept(definitions()["createdate"], "1582947017000", "")
	if problem != nil || got != "2020-02-29T03:30:17.000Z" {
		t.Errorf("createdate is stored as %q with problem %v", got, problem)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	want := &values.Problem{Code: "PROPERTY_DOESNT_EXIST", Message: `Property "testproperty" does not exist`}
	if diff := cmp.Diff(want, values.Unknown("testproperty")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStagesMoveForwardOnly(t *testing.T) {
	t.Parallel()
	order := []string{"subscriber", "lead", "customer", "8812"}
	for _, c := range []struct{ old, newer, want string }{
		{"", "lead", "lead"},
		{"lead", "customer", "customer"},
		{"subscriber", "8812", "8812"},
		{"customer", "lead", "customer"},
		{"8812", "customer", "8812"},
		{"lead", "lead", "lead"},
		{"customer", "", ""},
		{"removed", "subscriber", "subscriber"},
	} {
		if got := values.Stage(order, c.old, c.newer); got != c.want {
			t.Errorf("%q over %q gives %q, want %q", c.newer, c.old, got, c.want)
		}
	}
}
