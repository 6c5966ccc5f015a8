package conformance

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

func labelChecks() []Check {
	return []Check{
		{"labels", "the types of a pair of object types are listed", "associations v4 guide", labels},
		{"label-create", "a label is created as two types, one for each direction", "associations v4 guide", labelCreate},
		{"label-use", "a label of the account is put on a pair, beside the unlabeled type", "associations v4 guide", labelUse},
		{"label-rename", "a label is renamed by its type id", "associations v4 guide", labelRename},
		{"label-delete", "pairs that had a deleted label stay associated", "associations v4 guide", labelDelete},
		{"associate-v3-batch", "the batches of v3 name types, and add one to what a pair has", "specification of v3 associations", associateV3Batch},
	}
}

func (t *Target) labelPath() string { return t.pair(contacts, companies, "labels") }

// labelsByType lists the types from contacts to companies.
func (t *Target) labelsByType(ctx context.Context) (map[int]hubspot.Label, error) {
	var page hubspot.Page[hubspot.Label]
	if err := t.do(ctx, 200, "GET", t.labelPath(), nil, &page); err != nil {
		return nil, err
	}
	types := make(map[int]hubspot.Label)
	for _, label := range page.Results {
		types[label.TypeID] = label
	}
	return types, nil
}

func labels(ctx context.Context, t *Target) error {
	types, err := t.labelsByType(ctx)
	plain, found := types[279]
	return first(
		err,
		holds("GET "+t.labelPath(), found && plain.Label == nil, "type 279 without a label", plain),
		holds("GET "+t.labelPath(), types[1].Label != nil && types[1].Category == "HUBSPOT_DEFINED", "type 1, labelled and HUBSPOT_DEFINED", types[1]),
	)
}

// label defines a label of the run's own and gives its type from contacts to
// companies.
func (t *Target) label(ctx context.Context) (text string, made []hubspot.Label, spec hubspot.AssociationSpec, err error) {
	text = t.name()
	var page hubspot.Page[hubspot.Label]
	body := map[string]string{"label": text, "name": strings.ReplaceAll(text, "-", "_"), "inverseLabel": text + " of"}
	if err := t.do(ctx, 200, "POST", t.labelPath(), body, &page); err != nil {
		return text, nil, spec, err
	}
	spec, err = t.labelled(ctx, text)
	return text, page.Results, spec, err
}

// labelled finds the type with a label, as soon as it is listed.
func (t *Target) labelled(ctx context.Context, text string) (spec hubspot.AssociationSpec, err error) {
	for waited := time.Duration(0); ; waited += waitPeriod {
		types, err := t.labelsByType(ctx)
		if err != nil {
			return spec, err
		}
		for id, label := range types {
			if label.Label != nil && *label.Label == text {
				return hubspot.AssociationSpec{AssociationCategory: label.Category, AssociationTypeID: id}, nil
			}
		}
		if waited >= patience {
			return spec, holds("GET "+t.labelPath(), false, "the label "+text, types)
		}
		if err := pause(ctx, waitPeriod); err != nil {
			return spec, err
		}
	}
}

func labelCreate(ctx context.Context, t *Target) error {
	_, made, spec, err := t.label(ctx)
	if err := first(err, equal("POST "+t.labelPath(), "number of types", 2, len(made))); err != nil {
		return err
	}
	return first(
		equal("POST "+t.labelPath(), "category", "USER_DEFINED", spec.AssociationCategory),
		holds("POST "+t.labelPath(), made[0].TypeID != made[1].TypeID, "two type ids", made),
	)
}

// pairWithLabel makes a contact and a company that bear a label of the run.
func (t *Target) pairWithLabel(ctx context.Context) (text, contact, company string, spec hubspot.AssociationSpec, err error) {
	if text, _, spec, err = t.label(ctx); err != nil {
		return text, "", "", spec, err
	}
	if contact, company, err = t.pairOf(ctx); err != nil {
		return text, contact, company, spec, err
	}
	_, err = t.associate(ctx, contact, company, spec)
	return text, contact, company, spec, err
}

func labelUse(ctx context.Context, t *Target) error {
	text, contact, company, spec, err := t.pairWithLabel(ctx)
	if err != nil {
		return err
	}
	path := t.link(contacts, contact, "associations", companies)
	var page hubspot.Page[hubspot.AssociatedRecord]
	if err := t.do(ctx, 200, "GET", path, nil, &page); err != nil {
		return err
	}
	var texts []string
	for _, record := range page.Results {
		for _, label := range record.AssociationTypes {
			if label.TypeID == spec.AssociationTypeID && label.Label != nil {
				texts = append(texts, *label.Label)
			}
		}
	}
	return first(equal("GET "+path, "labels", []string{text}, texts), t.wantAssociated(ctx, "GET "+path, contact, company))
}

func labelRename(ctx context.Context, t *Target) error {
	text, _, spec, err := t.label(ctx)
	if err != nil {
		return err
	}
	text += " renamed"
	body := map[string]any{"associationTypeId": spec.AssociationTypeID, "label": text}
	if err := t.do(ctx, 204, "PUT", t.labelPath(), body, nil); err != nil {
		return err
	}
	renamed, err := t.labelled(ctx, text)
	return first(err, equal("PUT "+t.labelPath(), "type", spec, renamed))
}

func labelDelete(ctx context.Context, t *Target) error {
	_, contact, company, spec, err := t.pairWithLabel(ctx)
	if err != nil {
		return err
	}
	path := t.labelPath() + "/" + strconv.Itoa(spec.AssociationTypeID)
	if err := t.do(ctx, 204, "DELETE", path, nil, nil); err != nil {
		return err
	}
	types, err := t.types(ctx, contact, company)
	return first(
		err,
		holds("DELETE "+path, !slices.Contains(types, spec.AssociationTypeID), "the label gone from the pair", types),
		t.wantAssociated(ctx, "DELETE "+path, contact, company),
	)
}

// removeLabelType deletes a label unless a check did.
func (t *Target) removeLabelType(ctx context.Context, path string) error {
	id, err := strconv.Atoi(path[strings.LastIndex(path, "/")+1:])
	if err != nil {
		return err
	}
	types, err := t.labelsByType(ctx)
	if err != nil {
		return err
	}
	if _, there := types[id]; !there {
		return nil
	}
	return t.do(ctx, http.StatusNoContent, "DELETE", path, nil, nil)
}

func associateV3Batch(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	const path = "/crm/v3/associations/contacts/companies/batch"
	body := func(name string) any {
		return map[string]any{"inputs": []any{map[string]any{"from": recordID(contact), "to": recordID(company), "type": name}}}
	}
	for _, name := range []string{"contact_to_company_unlabeled", "contact_to_company"} {
		r, err := t.send(ctx, "POST", path+"/create", body(name))
		if err != nil {
			return err
		}
		if err := r.want(200, 201); err != nil {
			return err
		}
	}
	if err := t.wantTypes(ctx, "POST "+path+"/create", contact, company, 1, 279); err != nil {
		return err
	}
	var read hubspot.BatchResponse[struct{ To []hubspot.AssociatedID }]
	if err := t.do(ctx, 200, "POST", path+"/read", inputs(contact), &read); err != nil {
		return err
	}
	if err := equal("POST "+path+"/read", "results", 1, len(read.Results)); err != nil {
		return err
	}
	for _, to := range read.Results[0].To {
		if err := equal("POST "+path+"/read", "id", company, to.ID); err != nil {
			return err
		}
	}
	r, err := t.send(ctx, "POST", path+"/archive", body("contact_to_company_unlabeled"))
	if err != nil {
		return err
	}
	return first(r.want(200, 204), t.wantTypes(ctx, r.request, contact, company))
}
