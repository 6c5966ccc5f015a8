package portaltest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// The client and the portal agree on every call, in every version of the API.
func TestClientAndPortalAgree(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.V3, hubspot.V202603, hubspot.V202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{AccountID: "4711"})
			client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport(), Version: version})
			if err != nil {
				t.Fatal(err)
			}
			agreeOnDefinitions(t, client)
			agreeOnContacts(t, client)
			agreeOnAssociations(t, client)
		})
	}
}

func agreeOnDefinitions(t *testing.T, client *hubspot.Client) {
	t.Helper()
	ctx := t.Context()
	account, err := client.Account(ctx)
	if err != nil || account.PortalID != 4711 {
		t.Errorf("the account is %+v, %v", account, err)
	}
	token, err := client.TokenInfo(ctx)
	if err != nil || token.HubID != 4711 || !slices.Contains(token.Scopes, "crm.objects.contacts.write") {
		t.Errorf("the token is %+v, %v", token, err)
	}
	properties, err := client.Properties(ctx, "contacts", "non_sensitive")
	if err != nil || len(properties) < 300 {
		t.Errorf("%d properties, %v", len(properties), err)
	}
	if rules, err := client.PropertyRules(ctx, "contacts"); err != nil || len(rules) != 0 {
		t.Errorf("rules %+v, %v", rules, err)
	}
	if owners, err := client.Owners(ctx, true); err != nil || len(owners) != 0 {
		t.Errorf("owners %+v, %v", owners, err)
	}
	labels, err := client.Labels(ctx, "contacts", "companies")
	if err != nil || len(labels) != 3 || labels[0].TypeID != 1 {
		t.Errorf("labels %+v, %v", labels, err)
	}
}

func agreeOnContacts(t *testing.T, client *hubspot.Client) {
	t.Helper()
	ctx := t.Context()
	results, err := client.BatchCreate(ctx, "contacts", []hubspot.CreateInput{
		{Properties: map[string]string{"email": "one@example.com", "firstname": "One"}},
		{Properties: map[string]string{"email": "nobody"}},
		{Properties: map[string]string{"email": "one@example.com"}},
		{Properties: map[string]string{"email": "two@example.com"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Err != nil || results[3].Err != nil || !errors.Is(results[1].Err, hubspot.ErrValidation) || !errors.Is(results[2].Err, hubspot.ErrConflict) {
		t.Fatalf("creating answered %v, %v, %v, %v", results[0].Err, results[1].Err, results[2].Err, results[3].Err)
	}
	one, two := results[0].Object.ID, results[3].Object.ID
	results, err = client.BatchUpdate(ctx, "contacts", []hubspot.UpdateInput{
		{ID: two, Properties: map[string]string{"email": "three@example.com"}},
		{ID: "77", Properties: map[string]string{"firstname": "x"}},
	})
	if err != nil || results[0].Err != nil || !errors.Is(results[1].Err, hubspot.ErrNotFound) {
		t.Errorf("updating answered %+v, %v", results, err)
	}
	read, err := client.BatchRead(ctx, "contacts", hubspot.BatchReadRequest{
		IDProperty: "email", Properties: []string{"email", "hs_additional_emails"},
		Inputs: []hubspot.RecordID{{ID: "one@example.com"}, {ID: "two@example.com"}, {ID: "three@example.com"}},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range read.Found {
		found[f.Asked] = f.Object.ID
	}
	if diff := cmp.Diff(map[string]string{"one@example.com": one, "three@example.com": two}, found); diff != "" || !slices.Equal(read.Missing, []string{"two@example.com"}) {
		t.Errorf("missing %v, found (-want +got):\n%s", read.Missing, diff)
	}
	var listed []string
	for page, err := range client.Objects(ctx, "contacts", hubspot.ListOptions{Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page {
			listed = append(listed, o.ID)
		}
	}
	if diff := cmp.Diff([]string{one, two}, listed); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if err := client.BatchArchive(ctx, "contacts", []string{one, two}); err != nil {
		t.Error(err)
	}
	if _, err := client.Object(ctx, "contacts", "one@example.com", hubspot.GetOptions{IDProperty: "email"}); !errors.Is(err, hubspot.ErrNotFound) {
		t.Errorf("reading an archived contact answered %v", err)
	}
	binned, err := client.BatchRead(ctx, "contacts", hubspot.BatchReadRequest{IDProperty: "email", Inputs: []hubspot.RecordID{{ID: "one@example.com"}}}, true)
	if err != nil || len(binned.Found) != 1 || !binned.Found[0].Object.Archived {
		t.Errorf("the bin holds %+v, %v", binned, err)
	}
}

func agreeOnAssociations(t *testing.T, client *hubspot.Client) {
	t.Helper()
	ctx := t.Context()
	company, err := client.CreateObject(ctx, "companies", hubspot.CreateInput{Properties: map[string]string{"domain": "navy.example"}})
	if err != nil {
		t.Fatal(err)
	}
	contact, err := client.CreateObject(ctx, "contacts", hubspot.CreateInput{Properties: map[string]string{"email": "grace@navy.example"}})
	if err != nil {
		t.Fatal(err)
	}
	for page, err := range client.Search(ctx, "companies", hubspot.SearchRequest{FilterGroups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{
		{PropertyName: "domain", Operator: "IN", Values: []string{"navy.example"}},
	}}}}) {
		if err != nil || len(page) != 1 || page[0].ID != company.ID {
			t.Errorf("searching found %+v, %v", page, err)
		}
	}
	types := []hubspot.AssociationSpec{{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 1}}
	pair := func(to string) hubspot.AssociationInput {
		return hubspot.AssociationInput{From: hubspot.RecordID{ID: hubspot.FlexID(contact.ID)}, To: hubspot.RecordID{ID: hubspot.FlexID(to)}, Types: types}
	}
	results, err := client.BatchAssociate(ctx, "contacts", "companies", []hubspot.AssociationInput{pair("5"), pair(company.ID)})
	if err != nil || results[1].Err != nil || !errors.Is(results[0].Err, hubspot.ErrNotFound) {
		t.Errorf("associating answered %+v, %v", results, err)
	}
	typeIDs := func() []int {
		records, err := client.AssociationsOf(ctx, "contacts", "companies", []string{contact.ID})
		if err != nil {
			t.Fatal(err)
		}
		var ids []int
		for _, record := range records {
			for _, to := range record.To {
				for _, label := range to.AssociationTypes {
					ids = append(ids, label.TypeID)
				}
			}
		}
		return ids
	}
	if diff := cmp.Diff([]int{1, 279}, typeIDs()); diff != "" {
		t.Errorf("associated (-want +got):\n%s", diff)
	}
	if err := client.BatchRemoveLabels(ctx, "contacts", "companies", []hubspot.AssociationInput{pair(company.ID)}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]int{279}, typeIDs()); diff != "" {
		t.Errorf("after removing the label (-want +got):\n%s", diff)
	}
	if err := client.BatchDissociate(ctx, "contacts", "companies", []hubspot.DissociationInput{{From: pair(company.ID).From, To: []hubspot.RecordID{pair(company.ID).To}}}); err != nil {
		t.Error(err)
	}
	if err := client.Associate(ctx, "contacts", contact.ID, "companies", company.ID, 931); err != nil {
		t.Error(err)
	}
	if err := client.Dissociate(ctx, "contacts", contact.ID, "companies", company.ID, 279); err != nil {
		t.Error(err)
	}
	if left := typeIDs(); len(left) != 0 {
		t.Errorf("types %v are left", left)
	}
}
