package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// How associations work here, after HubSpot's v4 guide:
//
// A pair of records is associated or not; if it is, it always has the unlabeled
// type of its object types, and any number of labels beside it. Both directions
// exist at once, each with its own type ids. Writing labels replaces the pair's
// labels. Removing a label keeps the association; removing the unlabeled type
// removes the association with all its labels.
//
// A contact, deal or ticket has at most one primary company. Making another one
// primary takes the label from the first, whose association stays. Nothing
// becomes primary by itself, but for the ruling auto-company.

// target is a record that a create associates the new one with.
type target struct {
	end   store.End
	types []crm.AssociationType
}

// targets reads the associations of a create. The object type of each target
// follows from the association types, which must all agree on it.
func (c *call) targets(ctx context.Context, tx *store.Tx, from crm.ObjectType, wanted []newAssociation) ([]target, error) {
	var targets []target
	for _, association := range wanted {
		id, ok := recordID(string(association.To.ID))
		if !ok || len(association.Types) == 0 {
			return nil, invalid("An association needs the id of a record and at least one type")
		}
		end := store.End{ID: id}
		var types []crm.AssociationType
		for _, spec := range association.Types {
			to, found, ok := c.catalog.leading(from, spec)
			if !ok || end.Type != "" && end.Type != to {
				return nil, c.noType(from, end.Type, spec)
			}
			end.Type = to
			types = append(types, found.Type)
		}
		end, err := living(ctx, tx, end)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(targets, func(t target) bool { return t.end == end }); i >= 0 {
			targets[i].types = append(targets[i].types, types...)
			continue
		}
		targets = append(targets, target{end, types})
	}
	return targets, nil
}

// leading finds the type that a specification names among those of every pair
// that begins with an object type. Type ids are unique in a portal.
func (c *catalog) leading(from crm.ObjectType, spec typeSpec) (crm.ObjectType, associationType, bool) {
	for _, to := range c.objectTypes() {
		if found, ok := c.resolve(from, to, spec); ok {
			return to, found, true
		}
	}
	return "", associationType{}, false
}

// resolve finds the type of a pair that a specification names.
func (c *catalog) resolve(from, to crm.ObjectType, spec typeSpec) (associationType, bool) {
	if spec.TypeID == "" {
		return c.labelled(from, to, spec.Label)
	}
	id, err := strconv.Atoi(string(spec.TypeID))
	if err != nil {
		return associationType{}, false
	}
	return c.find(from, to, spec.Category, id)
}

func (c *call) resolveAll(from, to crm.ObjectType, specs []typeSpec) ([]crm.AssociationType, error) {
	types := make([]crm.AssociationType, 0, len(specs))
	for _, spec := range specs {
		found, ok := c.catalog.resolve(from, to, spec)
		if !ok {
			return nil, c.noType(from, to, spec)
		}
		types = append(types, found.Type)
	}
	return types, nil
}

func (c *call) noType(from, to crm.ObjectType, spec typeSpec) *refusal {
	name := spec.Label
	if spec.TypeID != "" {
		name = strings.TrimSpace(spec.Category + " " + string(spec.TypeID))
	}
	if to == "" {
		return invalid("There is no association type %q from %s", name, from)
	}
	return invalid("There is no association type %q from %s to %s", name, from, to)
}

// living is the record that an id leads to, its former one too. A record that does
// not exist or lies in the bin is refused.
func living(ctx context.Context, tx *store.Tx, end store.End) (store.End, error) {
	alive, err := tx.Alive(ctx, end)
	if err != nil || alive {
		return end, err
	}
	present, err := current(ctx, tx, end)
	if err != nil {
		return end, err
	}
	if alive, err = tx.Alive(ctx, present); err != nil || alive {
		return present, err
	}
	return end, noSuch(end)
}

func noSuch(end store.End) *refusal {
	return refuse(http.StatusNotFound, categoryNotFound, "No "+string(end.Type)+" with ID "+idText(end.ID)+" exists")
}

// current replaces the former id of a record that was merged by its present one.
func current(ctx context.Context, tx *store.Tx, end store.End) (store.End, error) {
	into, former, err := tx.MergedInto(ctx, end)
	if former {
		end.ID = into
	}
	return end, err
}

// connect is link as requests make it: rulings may add to it, and a record may have
// too many associations already.
func (c *call) connect(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) error {
	if err := c.room(ctx, tx, from, to); err != nil {
		return err
	}
	types, err := c.firstCompany(ctx, tx, from, to, types)
	if err != nil {
		return err
	}
	if err := c.link(ctx, tx, from, to, types); err != nil {
		return err
	}
	return c.join(ctx, tx, from, to)
}

// link associates two records with exactly these types, the unlabeled one and
// their counterparts in the other direction.
func (c *call) link(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) error {
	if from == to {
		return invalid("A %s cannot be associated with itself", from.Type)
	}
	forward := c.catalog.complete(from.Type, to.Type, types)
	backward := c.catalog.complete(to.Type, from.Type, c.catalog.inverse(from.Type, to.Type, types))
	if err := c.yield(ctx, tx, from, to, forward); err != nil {
		return err
	}
	if err := c.yield(ctx, tx, to, from, backward); err != nil {
		return err
	}
	if err := tx.SetLink(ctx, from, to, forward); err != nil {
		return err
	}
	return tx.SetLink(ctx, to, from, backward)
}

// complete adds the unlabeled type of a pair and drops what stands twice.
func (c *catalog) complete(from, to crm.ObjectType, types []crm.AssociationType) []crm.AssociationType {
	all := slices.Clone(types)
	if unlabeled, ok := c.unlabeled(from, to); ok {
		all = append(all, unlabeled.Type)
	}
	slices.SortFunc(all, crm.AssociationType.Compare)
	return slices.CompactFunc(all, crm.AssociationType.Same)
}

// inverse maps types of one direction to those of the other.
func (c *catalog) inverse(from, to crm.ObjectType, types []crm.AssociationType) []crm.AssociationType {
	var inverse []crm.AssociationType
	for _, t := range types {
		found, ok := c.find(from, to, t.Category, t.TypeID)
		if !ok || found.Inverse == 0 {
			continue
		}
		if other, ok := c.find(to, from, t.Category, found.Inverse); ok {
			inverse = append(inverse, other.Type)
		}
	}
	return inverse
}

// yield takes the primary label from a record's other companies when types make
// one of its companies primary.
func (c *call) yield(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) error {
	primary, ok := c.catalog.primary(from.Type, to.Type)
	if !ok || !slices.ContainsFunc(types, primary.Type.Same) {
		return nil
	}
	links, err := tx.AllLinks(ctx, from, to.Type)
	if err != nil {
		return err
	}
	for _, link := range links {
		if link.To.ID == to.ID {
			continue
		}
		if err := c.unlabel(ctx, tx, from, link.To, []crm.AssociationType{primary.Type}); err != nil {
			return err
		}
	}
	return nil
}

// primary is the type that makes a company the primary one of a record.
func (c *catalog) primary(from, to crm.ObjectType) (associationType, bool) {
	if to != crm.TypeCompany || from == crm.TypeCompany {
		return associationType{}, false
	}
	return c.findFunc(from, to, func(t associationType) bool { return t.Kind == defaults.Primary })
}

// primaryCompany is the primary company of a record.
func (c *call) primaryCompany(ctx context.Context, tx *store.Tx, of store.End) (store.End, bool, error) {
	primary, ok := c.catalog.primary(of.Type, crm.TypeCompany)
	if !ok {
		return store.End{}, false, nil
	}
	links, err := tx.AllLinks(ctx, of, crm.TypeCompany)
	for _, link := range links {
		if slices.ContainsFunc(link.Types, primary.Type.Same) {
			return link.To, true, nil
		}
	}
	return store.End{}, false, err
}

// associate adds the unlabeled association and leaves labels as they are.
func (c *call) associate(ctx context.Context, tx *store.Tx, from, to store.End) error {
	present, err := tx.Link(ctx, from, to)
	if err != nil || len(present) > 0 {
		return err
	}
	return c.connect(ctx, tx, from, to, nil)
}

// unlabel removes labels from a pair; the unlabeled type stands for all of it.
func (c *call) unlabel(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) error {
	if unlabeled, ok := c.catalog.unlabeled(from.Type, to.Type); ok && slices.ContainsFunc(types, unlabeled.Type.Same) {
		return c.unlink(ctx, tx, from, to)
	}
	if err := subtract(ctx, tx, from, to, types); err != nil {
		return err
	}
	return subtract(ctx, tx, to, from, c.catalog.inverse(from.Type, to.Type, types))
}

func subtract(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) error {
	present, err := tx.Link(ctx, from, to)
	if err != nil || len(present) == 0 {
		return err
	}
	left := slices.DeleteFunc(present, func(t crm.AssociationType) bool { return slices.ContainsFunc(types, t.Same) })
	return tx.SetLink(ctx, from, to, left)
}

// unlink removes an association in both directions.
func (c *call) unlink(ctx context.Context, tx *store.Tx, from, to store.End) error {
	if err := tx.SetLink(ctx, from, to, nil); err != nil {
		return err
	}
	return tx.SetLink(ctx, to, from, nil)
}
