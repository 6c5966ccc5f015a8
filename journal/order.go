package journal

import (
	"fmt"
	"slices"
)

// order is what the records of a journal so far allow the next one to be.
type order struct {
	begin *Begin
	ended bool
	ops   []map[Place]bool // the writes of each intent
}

// Place names one write of a plan: the index of the change, and its part.
type Place struct{ Change, Part int }

func (o *order) add(record *Record) error {
	kinds := 0
	for _, set := range []bool{record.Begin != nil, record.Resume != nil, record.Intent != nil, record.Outcome != nil, record.End != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		return fmt.Errorf("%w: it is not one record", ErrDamaged)
	case (o.begin == nil) != (record.Begin != nil):
		return fmt.Errorf("%w: a journal begins once, with its first record", ErrDamaged)
	case o.ended && record.Resume == nil:
		return fmt.Errorf("%w: the run had ended before it", ErrDamaged)
	case record.Begin != nil:
		o.begin = record.Begin
	case record.Resume != nil:
		o.ended = false
	case record.Intent != nil:
		return o.intent(record.Intent)
	case record.Outcome != nil:
		return o.outcome(record.Outcome)
	case record.End != nil:
		o.ended = true
		if !slices.Contains([]string{Done, Stopped, Abandoned}, record.End.Status) {
			return fmt.Errorf("%w: a run cannot end so", ErrDamaged)
		}
	}
	return nil
}

func (o *order) intent(intent *Intent) error {
	if intent.Op != len(o.ops)+1 {
		return fmt.Errorf("%w: request %d follows request %d", ErrDamaged, intent.Op, len(o.ops))
	}
	if !slices.Contains([]string{"update", "create", "unlabel", "dissociate", "associate", "archive"}, intent.Kind) || len(intent.Writes) == 0 {
		return fmt.Errorf("%w: it says of no request what it writes", ErrDamaged)
	}
	places := make(map[Place]bool, len(intent.Writes))
	for _, write := range intent.Writes {
		place := Place{write.Change, write.Part}
		if places[place] || !o.planned(place) {
			return fmt.Errorf("%w: it holds a write that is not planned", ErrDamaged)
		}
		places[place] = true
	}
	o.ops = append(o.ops, places)
	return nil
}

func (o *order) outcome(outcome *Outcome) error {
	if outcome.Op < 0 || outcome.Op > len(o.ops) {
		return fmt.Errorf("%w: no request %d was sent", ErrDamaged, outcome.Op)
	}
	for _, item := range outcome.Items {
		place := Place{item.Change, item.Part}
		if !o.planned(place) || outcome.Op > 0 && !o.ops[outcome.Op-1][place] {
			return fmt.Errorf("%w: it tells of a write that was not in the request", ErrDamaged)
		}
		if !slices.Contains([]string{"applied", "failed", "skipped", "stale", "unknown"}, item.Outcome) {
			return fmt.Errorf("%w: a write cannot end so", ErrDamaged)
		}
	}
	return nil
}

func (o *order) planned(place Place) bool {
	return place.Change >= 0 && place.Change < o.begin.Changes && place.Part >= -1
}
