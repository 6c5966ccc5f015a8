package conformance

import (
	"context"
	"net/url"
	"slices"

	"github.com/contactsync/contactsync/hubspot"
)

// The types that HubSpot defines between a contact and a company.
var (
	unlabeled = hubspot.AssociationSpec{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 279}
	primary   = hubspot.AssociationSpec{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 1}
)

func associationChecks() []Check {
	return []Check{
		{"associate-default", "the default association is made in both directions", "associations v4 guide", associateDefault},
		{"associate-first", "the first company of a contact becomes its primary one, or does not", "a setting of the account (contacts guide)", associateFirst},
		{"associate-label", "a label comes with the unlabeled type, and is told in the answer", "associations v4 guide", associateLabel},
		{"associate-primary-moves", "a contact has one primary company: another one takes its place", "associations v4 guide", primaryMoves},
		{"associate-replaces", "a write replaces the labels of the pair", "associations v4 guide", associateReplaces},
		{"associations-pages", "the associations of a record come in pages", "associations v4 guide", associationPages},
		{"dissociate", "deleting a pair removes all its types and no record", "associations v4 guide", dissociate},
		{"associate-v3", "a type is put and removed by its id in the path of one record", "contacts guide; statuses remembered", associateV3},
		{"read-associations", "a read with associations lists a row for each type of a pair", "objects guide", readAssociations},
	}
}

// pairOf makes a contact and a company.
func (t *Target) pairOf(ctx context.Context) (contact, company string, err error) {
	one, err := t.nobody(ctx)
	if err != nil {
		return "", "", err
	}
	two, err := t.company(ctx)
	return one.ID, two.ID, err
}

// associate puts types between a contact and a company.
func (t *Target) associate(ctx context.Context, contact, company string, types ...hubspot.AssociationSpec) (hubspot.LabelsBetweenPair, error) {
	var answer hubspot.LabelsBetweenPair
	r, err := t.send(ctx, "PUT", t.link(contacts, contact, "associations", companies, company), types)
	if err != nil {
		return answer, err
	}
	if err := r.want(200, 201); err != nil { // the specifications of the versions differ
		return answer, err
	}
	return answer, r.decode(&answer)
}

// types are the ids of the types between a contact and a company.
func (t *Target) types(ctx context.Context, contact, company string) ([]int, error) {
	var page hubspot.Page[hubspot.AssociatedRecord]
	if err := t.do(ctx, 200, "GET", t.link(contacts, contact, "associations", companies), nil, &page); err != nil {
		return nil, err
	}
	ids := []int{}
	for _, record := range page.Results {
		if string(record.ToObjectID) != company {
			continue
		}
		for _, label := range record.AssociationTypes {
			ids = append(ids, label.TypeID)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// wantTypes wants these types between a contact and a company.
func (t *Target) wantTypes(ctx context.Context, request, contact, company string, want ...int) error {
	got, err := t.types(ctx, contact, company)
	return first(err, equal(request, "association types", append([]int{}, want...), got))
}

// wantAssociated wants a contact and a company associated, whether or not the
// portal made the company the primary one.
func (t *Target) wantAssociated(ctx context.Context, request, contact, company string) error {
	got, err := t.types(ctx, contact, company)
	return first(err, holds(request, slices.Contains(got, unlabeled.AssociationTypeID), "association type 279", got))
}

func associateFirst(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, unlabeled); err != nil {
		return err
	}
	types, err := t.types(ctx, contact, company)
	switch {
	case err != nil:
		return err
	case slices.Contains(types, primary.AssociationTypeID):
		return &Observation{Ruling: "auto-company", Value: "on"}
	}
	return first(
		t.wantAssociated(ctx, "PUT "+t.link(contacts, contact, "associations", companies, company), contact, company),
		&Observation{Ruling: "auto-company", Value: "off", Default: true},
	)
}

func associateDefault(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	path := t.link(contacts, contact, "associations", "default", companies, company)
	var answer hubspot.BatchResponse[struct {
		AssociationSpec hubspot.AssociationSpec `json:"associationSpec"`
	}]
	if err := t.do(ctx, 200, "PUT", path, nil, &answer); err != nil {
		return err
	}
	var ids []int
	for _, result := range answer.Results {
		ids = append(ids, result.AssociationSpec.AssociationTypeID)
	}
	slices.Sort(ids)
	return first(
		equal("PUT "+path, "types in the answer", []int{279, 280}, ids),
		t.wantAssociated(ctx, "PUT "+path, contact, company),
	)
}

func associateLabel(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	answer, err := t.associate(ctx, contact, company, primary)
	request := "PUT " + t.link(contacts, contact, "associations", companies, company)
	return first(
		err,
		holds(request, slices.Contains(answer.Labels, "Primary"), "labels with Primary", answer.Labels),
		t.wantTypes(ctx, request, contact, company, 1, 279),
	)
}

func primaryMoves(ctx context.Context, t *Target) error {
	contact, old, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	company, err := t.company(ctx)
	if err != nil {
		return err
	}
	for _, id := range []string{old, company.ID} {
		if _, err := t.associate(ctx, contact, id, primary); err != nil {
			return err
		}
	}
	request := "PUT " + t.link(contacts, contact, "associations", companies, company.ID)
	return first(t.wantTypes(ctx, request, contact, old, 279), t.wantTypes(ctx, request, contact, company.ID, 1, 279))
}

func associateReplaces(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	billing := hubspot.AssociationSpec{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 931}
	for _, spec := range []hubspot.AssociationSpec{billing, primary} {
		if _, err := t.associate(ctx, contact, company, spec); err != nil {
			return err
		}
	}
	return t.wantTypes(ctx, "PUT "+t.link(contacts, contact, "associations", companies, company), contact, company, 1, 279)
}

func associationPages(ctx context.Context, t *Target) error {
	contact, one, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	two, err := t.company(ctx)
	if err != nil {
		return err
	}
	for _, company := range []string{one, two.ID} {
		if _, err := t.associate(ctx, contact, company, unlabeled); err != nil {
			return err
		}
	}
	path := t.link(contacts, contact, "associations", companies) + "?limit=1"
	var seen []string
	for after := ""; len(seen) < 2; {
		var page hubspot.Page[hubspot.AssociatedRecord]
		if err := t.do(ctx, 200, "GET", path+after, nil, &page); err != nil {
			return err
		}
		if err := equal("GET "+path+after, "records", 1, len(page.Results)); err != nil {
			return err
		}
		seen = append(seen, string(page.Results[0].ToObjectID))
		if len(seen) == 2 {
			break
		}
		if err := holds("GET "+path, page.Paging != nil && page.Paging.Next != nil && page.Paging.Next.After != "", "paging.next.after", page.Paging); err != nil {
			return err
		}
		after = "&after=" + url.QueryEscape(page.Paging.Next.After)
	}
	want := []string{one, two.ID}
	slices.Sort(want)
	slices.Sort(seen)
	return equal("GET "+path, "companies", want, seen)
}

func dissociate(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, primary); err != nil {
		return err
	}
	path := t.link(contacts, contact, "associations", companies, company)
	if err := t.do(ctx, 204, "DELETE", path, nil, nil); err != nil {
		return err
	}
	return first(
		t.wantTypes(ctx, "DELETE "+path, contact, company),
		t.do(ctx, 200, "GET", t.object(companies, company), nil, nil),
	)
}

func associateV3(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	path := t.object(contacts, contact, "associations", companies, company, "279")
	r, err := t.send(ctx, "PUT", path, nil)
	if err != nil {
		return err
	}
	if err := first(r.want(200, 201), t.wantAssociated(ctx, r.request, contact, company)); err != nil {
		return err
	}
	return first(t.do(ctx, 204, "DELETE", path, nil, nil), t.wantTypes(ctx, "DELETE "+path, contact, company))
}

func readAssociations(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, primary); err != nil {
		return err
	}
	path := t.object(contacts, contact) + "?associations=companies"
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	rows := []string{}
	for _, row := range read.Associations[companies].Results {
		rows = append(rows, row.ID+" "+row.Type)
	}
	slices.Sort(rows)
	want := []string{company + " contact_to_company", company + " contact_to_company_unlabeled"}
	return equal("GET "+path, "rows", want, rows)
}
