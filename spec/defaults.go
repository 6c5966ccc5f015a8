package spec

import "time"

// The defaults that hold where no file says otherwise.
const (
	defaultPruneMinAge  = 30 * 24 * time.Hour
	defaultDailyReserve = 25
)

func defaultSettings() Settings {
	return Settings{
		Scope:        Scope{Kind: ScopeListed},
		Prune:        PruneKeep,
		PruneMinAge:  defaultPruneMinAge,
		DailyReserve: defaultDailyReserve,
		Watch:        []string{"hs_lead_status", "hubspot_owner_id", "lifecyclestage"},
		Limits: Limits{
			Archive:   Limit{Number: new(50), Percent: new(5.0)},
			Create:    Limit{Number: new(1000)},
			Update:    Limit{Number: new(10000), Percent: new(50.0)},
			Clear:     Limit{Number: new(100)},
			Overwrite: Limit{Percent: new(20.0)},
			StageBack: Limit{Number: new(0)},
		},
		Protect: []Condition{
			{Property: "lifecyclestage", In: []string{"customer", "evangelist"}},
			{Property: "num_associated_deals", Has: new(true)},
		},
	}
}
