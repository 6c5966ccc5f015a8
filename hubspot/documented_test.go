package hubspot_test

import (
	"context"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/contactsync/contactsync/hubspot"
)

const (
	then, later = "2022-06-01T14:31:48.469Z", "2025-07-07T20:27:17.947Z"
	address     = "lorelai@thedragonfly.com"
)

// What the client makes of each body in testdata/documented.txtar.
func TestDocumentedBodies(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/documented.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		test, ok := documented[file.Name]
		if !ok {
			t.Errorf("nothing is said about %q", file.Name)
			continue
		}
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 201, 207} { // HubSpot's versions differ in it
				got, err := test.ask(t.Context(), local(t, says(status, string(file.Data))))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%d (-want +got):\n%s", status, diff)
				}
			}
		})
	}
	if len(archive.Files) != len(documented) {
		t.Errorf("there are %d bodies, and something is said about %d", len(archive.Files), len(documented))
	}
}

var documented = map[string]struct {
	ask  func(context.Context, *hubspot.Client) (any, error)
	want any
}{
	"object": {object, hubspot.Object{
		ID: "33451", CreatedAt: then, UpdatedAt: later,
		Properties: map[string]*string{
			"createdate": new(then), "email": new(address), "firstname": new("Lorelai"),
			"hs_object_id": new("33451"), "lastmodifieddate": new(later), "lastname": new("Gilmore"),
		},
	}},
	"object archived": {object, hubspot.Object{
		ID: "33451", CreatedAt: then, UpdatedAt: later, Archived: true, ArchivedAt: later,
		Properties: map[string]*string{"email": new(address), "phone": nil},
	}},
	"object with associations": {object, hubspot.Object{
		ID: "33451", CreatedAt: then, UpdatedAt: later, Properties: map[string]*string{},
		Associations: map[string]hubspot.Associations{"companies": {
			Results: []hubspot.AssociatedID{{ID: "5790939450", Type: "contact_to_company"}, {ID: "5790939450", Type: "contact_to_company_unlabeled"}},
			Paging:  &hubspot.Paging{Next: &hubspot.NextPage{After: "5790939451", Link: "https://api.hubapi.com/x"}},
		}},
	}},
	"object with history": {object, hubspot.Object{
		ID: "33451", CreatedAt: then, UpdatedAt: later, Properties: map[string]*string{"lifecyclestage": new("lead")},
		PropertiesWithHistory: map[string][]hubspot.PropertyVersion{"lifecyclestage": {
			{Value: "lead", Timestamp: later, SourceType: "API"}, {Value: "subscriber", Timestamp: then, SourceType: "CRM_UI"},
		}},
	}},
	"object with a number": {object, hubspot.Object{ID: "33451", Properties: map[string]*string{"email": new(address)}}},
	"list":                 {firstPage, []hubspot.Object{lorelai}},
	"search": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		return first(c.Search(ctx, "contacts", hubspot.SearchRequest{}))
	}, []hubspot.Object{lorelai}},
	"batch create": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		results, err := c.BatchCreate(ctx, "contacts", []hubspot.CreateInput{
			{Properties: map[string]string{"email": address}, ObjectWriteTraceID: "549b1c2a9350"}, {ObjectWriteTraceID: "549b1c2a9351"},
		})
		return toldAll(results), err
	}, []string{"id 33451", "VALIDATION_ERROR"}},
	"batch read": {batchRead, []string{"-8380080352", "-8144745976"}},

	"batch read of numbers": {batchRead, []string{"8380080352=8380080352", "-8144745976"}},
	"batch update without a word": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		results, err := c.BatchUpdate(ctx, "contacts", []hubspot.UpdateInput{{ID: "1"}, {ID: "2"}})
		return toldAll(results), err
	}, []string{"unknown", "unknown"}},
	"association batch create": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		results, err := c.BatchAssociate(ctx, "contacts", "deals", []hubspot.AssociationInput{
			{From: hubspot.RecordID{ID: "29851"}, To: hubspot.RecordID{ID: "21678228008"}},
		})
		return toldAll(results), err
	}, []string{"done"}},
	"association batch read": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		return c.AssociationsOf(ctx, "contacts", "companies", []string{"33451", "33452"})
	}, []hubspot.RecordAssociations{{From: hubspot.RecordID{ID: "33451"}, To: []hubspot.AssociatedRecord{
		{ToObjectID: "5790939450", AssociationTypes: []hubspot.Label{{Category: "HUBSPOT_DEFINED", TypeID: 1, Label: new("Primary")}, {Category: "HUBSPOT_DEFINED", TypeID: 279}}},
		{ToObjectID: "7", AssociationTypes: []hubspot.Label{{Category: "WORK", TypeID: 5, Label: new("x")}}},
	}}}},
	"labels": {func(ctx context.Context, c *hubspot.Client) (any, error) {
		return c.Labels(ctx, "contacts", "companies")
	}, []hubspot.Label{
		{Category: "HUBSPOT_DEFINED", TypeID: 279},
		{Category: "HUBSPOT_DEFINED", TypeID: 1, Label: new("Primary")},
		{Category: "HUBSPOT_DEFINED", TypeID: 931, Label: new("Billing Contact")},
		{Category: "USER_DEFINED", TypeID: 36, Label: new("Point of contact")},
	}},
	"properties": {func(ctx context.Context, c *hubspot.Client) (any, error) { return c.Properties(ctx, "contacts", "") }, []hubspot.Property{{
		Name: "favorite_food", Label: "Favorite Food", Type: "enumeration", FieldType: "select", GroupName: "contactinformation",
		Options:      []hubspot.Option{{Label: "Option A", Value: "A", Description: "Choice number one", DisplayOrder: 1}},
		DisplayOrder: 2, HubSpotDefined: true, FormField: true, DataSensitivity: "non_sensitive", Archived: new(false), CreatedAt: then, UpdatedAt: then,
		ModificationMetadata: &hubspot.ModificationMetadata{Archivable: true, ReadOnlyOptions: new(false)},
	}}},
	"account": {func(ctx context.Context, c *hubspot.Client) (any, error) { return c.Account(ctx) }, hubspot.Account{
		PortalID: 891936587, AccountType: "DEVELOPER_TEST", TimeZone: "US/Eastern", CompanyCurrency: "USD", AdditionalCurrencies: []string{},
		UTCOffset: "-04:00", UTCOffsetMilliseconds: -14400000, UIDomain: "app.hubspot.com", DataHostingLocation: "na1",
	}},
	"token": {func(ctx context.Context, c *hubspot.Client) (any, error) { return c.TokenInfo(ctx) }, hubspot.TokenInfo{
		UserID: 7, HubID: 891936587, AppID: 3, Scopes: []string{"crm.objects.contacts.read"},
	}},
	"owners": {func(ctx context.Context, c *hubspot.Client) (any, error) { return c.Owners(ctx, false) }, []hubspot.Owner{
		{ID: "41629779", Email: "raj@acme.example", Type: "PERSON", FirstName: "Raj", LastName: "Rao", UserID: new(9586504), CreatedAt: then, UpdatedAt: then},
		{ID: "41629780", Type: "QUEUE", CreatedAt: then, UpdatedAt: then},
	}},
	"rules": {func(ctx context.Context, c *hubspot.Client) (any, error) { return c.PropertyRules(ctx, "contacts") }, []hubspot.PropertyRules{
		{PropertyName: "zip", PropertyValidationRules: []hubspot.ValidationRule{{RuleType: "ALPHANUMERIC", RuleArguments: []string{"NUMERIC_ONLY"}}}},
	}},
}

var lorelai = hubspot.Object{ID: "33451", CreatedAt: then, UpdatedAt: later, Properties: map[string]*string{"email": new(address)}}

func object(ctx context.Context, c *hubspot.Client) (any, error) {
	return c.Object(ctx, "contacts", "33451", hubspot.GetOptions{})
}

func firstPage(ctx context.Context, c *hubspot.Client) (any, error) {
	return first(c.Objects(ctx, "contacts", hubspot.ListOptions{}))
}

func first(pages iter.Seq2[[]hubspot.Object, error]) (page any, err error) {
	for page, err = range pages {
		break
	}
	return page, err
}

func batchRead(ctx context.Context, c *hubspot.Client) (any, error) {
	result, err := c.BatchRead(ctx, "contacts", readRequest("", "8380080352", "8144745976"), false)
	return found(result), err
}
