package plan

import (
	"cmp"
	"slices"
)

// Summary counts what a plan does. A rename counts as one, not as an update; an
// update that only touches associations counts by these.
type Summary struct {
	Create     int `json:"create"`
	Update     int `json:"update"`
	Rename     int `json:"rename"`
	Archive    int `json:"archive"`
	Associate  int `json:"associate"`  // records that a contact is newly associated with, or under further labels
	Dissociate int `json:"dissociate"` // records that a contact is no longer associated with, or under fewer labels
	Unchanged  int `json:"unchanged"`
	Pruned     int `json:"pruned"`   // of the archives: contacts that no file names
	Reported   int `json:"reported"` // contacts that no file names, where prune only reports them
	Spared     int `json:"spared"`   // contacts that no file names, which a guard of prune leaves alone
}

// Empty reports whether there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Changes) == 0 }

// Summary counts the changes by kind.
func (p *Plan) Summary() Summary {
	s := Summary{Unchanged: p.Counts.Unchanged}
	for i := range p.Strays {
		if p.Strays[i].Standing == StrayReported {
			s.Reported++
		} else {
			s.Spared++
		}
	}
	for i := range p.Changes {
		change := &p.Changes[i]
		switch change.Action {
		case Create:
			s.Create++
		case Archive:
			s.Archive++
			if change.Pruned() {
				s.Pruned++
			}
		case Update:
			switch {
			case change.renames():
				s.Rename++
			case len(change.Properties) > 0:
				s.Update++
			}
		}
		for k := range change.Associations {
			link := &change.Associations[k]
			if len(without(link.After, link.Before...)) > 0 {
				s.Associate++
			} else {
				s.Dissociate++
			}
		}
	}
	return s
}

// tally is what limits and consequences are read from.
type tally struct {
	archive, create, update, clear, stageBack int
	properties                                []PropertyEffect
}

func (p *Plan) tally() tally {
	var t tally
	effects := make(map[string]*PropertyEffect)
	for i := range p.Changes {
		change := &p.Changes[i]
		switch change.Action {
		case Create:
			t.create++
		case Archive:
			t.archive++
		case Update:
			if len(change.Properties) > 0 {
				t.update++
			}
			for k := range change.Properties {
				t.property(&change.Properties[k], effects)
			}
		}
	}
	for _, effect := range effects {
		t.properties = append(t.properties, *effect)
	}
	slices.SortFunc(t.properties, func(a, b PropertyEffect) int { return cmp.Compare(a.Name, b.Name) })
	return t
}

// property counts one change of a live contact. An address is counted as a rename
// and nowhere else.
func (t *tally) property(p *PropertyChange, effects map[string]*PropertyEffect) {
	if p.Origin == OriginRename {
		return
	}
	effect, known := effects[p.Name]
	if !known {
		effect = &PropertyEffect{Name: p.Name}
		effects[p.Name] = effect
	}
	switch {
	case p.Before == "":
		effect.Filled++
	case p.After == "":
		effect.Cleared++
		t.clear++
	default:
		effect.Overwritten++
	}
	// A stage that is cleared is as far back as it goes.
	if p.Backward || (p.Name == propertyStage && p.After == "") {
		t.stageBack++
	}
}
