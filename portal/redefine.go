package portal

import (
	"context"

	"github.com/contactsync/contactsync/portal/internal/store"
)

// Definitions change rarely and everything is judged by them, so a request that
// changes them runs alone: it waits for the requests that run and keeps the next
// ones waiting. Every other request therefore sees one catalog from its beginning
// to its end, and no record is written by rules that have just been replaced.

// redefine runs a change of definitions in one transaction and, when it is on
// disk, puts the new catalog in the place of the old one. The caller holds
// p.defining.
func (p *Portal) redefine(ctx context.Context, work func(context.Context, *store.Tx) error) error {
	var next *catalog
	err := p.store.Update(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := work(ctx, tx); err != nil {
			return err
		}
		var err error
		next, err = p.loadCatalog(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p.catalog.Store(next)
	return nil
}

// define is redefine for the request of a route that defines.
func (c *call) define(work func(context.Context, *store.Tx) error) error {
	return c.portal.redefine(c.request.Context(), work)
}

// run serves a request whose body was read.
func (c *call) run() (answer, error) {
	defining := &c.portal.defining
	if c.route.defines {
		defining.Lock()
		defer defining.Unlock()
	} else {
		defining.RLock()
		defer defining.RUnlock()
	}
	c.catalog = c.portal.catalog.Load()
	if err := c.permitted(); err != nil {
		return answer{}, err
	}
	return c.route.serve(c)
}
