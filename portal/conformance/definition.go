package conformance

import (
	"context"
	"net/url"

	"github.com/contactsync/contactsync/hubspot"
)

func definitionChecks() []Check {
	return []Check{
		{"properties", "every property is listed at once, with type, options and whether it can be written", "properties guide", properties},
		{"property", "one property is read by its name", "properties guide", property},
		{"property-missing", "a property that does not exist is answered with 404", "live report", propertyMissing},
		{"pipelines", "the pipelines of deals are listed with their stages, which are options of dealstage", "pipelines guide", pipelines},
		{"owners", "owners are listed in pages, archived ones apart", "owners guide", owners},
		{"owner", "one owner is read by its id", "owners guide", owner},
		{"owners-by-email", "owners are listed by address", "owners guide", ownersByEmail},
	}
}

func properties(ctx context.Context, t *Target) error {
	path := t.property(contacts)
	var page hubspot.Page[hubspot.Property]
	if err := t.do(ctx, 200, "GET", path, nil, &page); err != nil {
		return err
	}
	known := make(map[string]hubspot.Property)
	for _, p := range page.Results {
		known[p.Name] = p
	}
	readOnly := func(name string) bool {
		metadata := known[name].ModificationMetadata
		return metadata != nil && metadata.ReadOnlyValue
	}
	request := "GET " + path
	return first(
		holds(request, page.Paging == nil, "no paging", page.Paging),
		equal(request, "type of email", "string", known["email"].Type),
		equal(request, "type of lifecyclestage", "enumeration", known["lifecyclestage"].Type),
		holds(request, len(known["lifecyclestage"].Options) > 0, "options of lifecyclestage", known["lifecyclestage"].Options),
		holds(request, readOnly("hs_object_id"), "hs_object_id with readOnlyValue", known["hs_object_id"].ModificationMetadata),
		holds(request, !readOnly("firstname"), "firstname without readOnlyValue", known["firstname"].ModificationMetadata),
	)
}

func property(ctx context.Context, t *Target) error {
	path := t.property(contacts, "lifecyclestage")
	var p hubspot.Property
	err := t.do(ctx, 200, "GET", path, nil, &p)
	return first(
		err,
		equal("GET "+path, "name", "lifecyclestage", p.Name),
		holds("GET "+path, len(p.Options) > 0 && p.Options[0].Value != "", "options with values", p.Options),
		holds("GET "+path, p.GroupName != "", "a groupName", p.GroupName),
	)
}

func propertyMissing(ctx context.Context, t *Target) error {
	_, err := t.refused(ctx, 404, "OBJECT_NOT_FOUND", "GET", t.property(contacts, "contactsync_nowhere"), nil)
	return err
}

func pipelines(ctx context.Context, t *Target) error {
	path := t.path("/crm/v3/pipelines", "/crm/pipelines/", "", "deals")
	var page hubspot.Page[struct {
		ID     string
		Stages []struct{ ID string }
	}]
	if err := t.do(ctx, 200, "GET", path, nil, &page); err != nil {
		return err
	}
	var property hubspot.Property
	if err := t.do(ctx, 200, "GET", t.property("deals", "dealstage"), nil, &property); err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, option := range property.Options {
		known[option.Value] = true
	}
	for _, pipeline := range page.Results {
		if err := holds("GET "+path, pipeline.ID != "" && len(pipeline.Stages) > 0, "an id and stages", pipeline); err != nil {
			return err
		}
		for _, stage := range pipeline.Stages {
			if err := holds("GET "+path, known[stage.ID], "stages that are options of dealstage", stage.ID); err != nil {
				return err
			}
		}
	}
	return holds("GET "+path, len(page.Results) > 0, "a pipeline", len(page.Results))
}

func owners(ctx context.Context, t *Target) error {
	for _, archived := range []string{"false", "true"} {
		path := t.owners() + "?limit=1&archived=" + archived
		var page hubspot.Page[hubspot.Owner]
		if err := t.do(ctx, 200, "GET", path, nil, &page); err != nil {
			return err
		}
		if err := holds("GET "+path, len(page.Results) <= 1, "at most 1 owner", len(page.Results)); err != nil {
			return err
		}
		for _, owner := range page.Results {
			if err := first(
				holds("GET "+path, number.MatchString(owner.ID), "a numeric id", owner.ID),
				equal("GET "+path, "archived", archived == "true", owner.Archived),
			); err != nil {
				return err
			}
		}
	}
	return nil
}

func owner(ctx context.Context, t *Target) error {
	var page hubspot.Page[hubspot.Owner]
	if err := t.do(ctx, 200, "GET", t.owners()+"?limit=1", nil, &page); err != nil {
		return err
	}
	if len(page.Results) == 0 {
		return &Skip{"the portal has no owners"}
	}
	path := t.owners() + "/" + url.PathEscape(page.Results[0].ID)
	var read hubspot.Owner
	err := t.do(ctx, 200, "GET", path, nil, &read)
	return first(err, equal("GET "+path, "id", page.Results[0].ID, read.ID))
}

func ownersByEmail(ctx context.Context, t *Target) error {
	path := t.owners() + "?email=" + url.QueryEscape("nobody@"+t.domain())
	var page hubspot.Page[hubspot.Owner]
	err := t.do(ctx, 200, "GET", path, nil, &page)
	return first(err, equal("GET "+path, "owners", 0, len(page.Results)))
}
