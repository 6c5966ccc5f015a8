package report

import "github.com/contactsync/contactsync/plan"

// The events of a Stream. Each has its type as first field; schema/events.schema.json
// describes them for their readers.

type versionEvent struct {
	Type    string `json:"type"`
	UI      string `json:"ui"`
	Release string `json:"release"`
	Command string `json:"command"`
}

type diagnosticEvent struct {
	Type       string         `json:"type"`
	Diagnostic jsonDiagnostic `json:"diagnostic"`
}

type readEvent struct {
	Type     string `json:"type"`
	Requests int    `json:"requests"`
	Done     bool   `json:"done"`
}

type plannedEvent struct {
	Type   string         `json:"type"`
	Change changeDocument `json:"change"`
}

type summaryEvent struct {
	Type         string            `json:"type"`
	Portal       portalDocument    `json:"portal"`
	Digest       string            `json:"digest"`
	Counts       plan.Counts       `json:"counts"`
	Summary      plan.Summary      `json:"summary"`
	Consequences plan.Consequences `json:"consequences"`
	Requests     int               `json:"requests"` // that applying it takes
}

type throttledEvent struct {
	Type    string  `json:"type"`
	Method  string  `json:"method"`
	Path    string  `json:"path"` // the route, without ids
	Seconds float64 `json:"seconds"`
	Reason  string  `json:"reason"`
}

type retryEvent struct {
	Type    string  `json:"type"`
	Method  string  `json:"method"`
	Path    string  `json:"path"`
	Status  int     `json:"status"` // 0: no answer
	Attempt int     `json:"attempt"`
	Seconds float64 `json:"seconds"`
	Reason  string  `json:"reason"`
}

type startEvent struct {
	Type     string `json:"type"`
	Run      string `json:"run"`
	Changes  int    `json:"changes"`
	Writes   int    `json:"writes"` // what apply_progress counts
	Requests int    `json:"requests"`
}

type batchEvent struct {
	Type  string `json:"type"`
	Kind  string `json:"kind"` // create, update, …
	Done  int    `json:"done"` // writes of the kind that have ended, whichever way
	Total int    `json:"total"`
}

type progressEvent struct {
	Type  string `json:"type"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

type itemEvent struct {
	Type   string        `json:"type"`
	Kind   string        `json:"kind"`
	Change entryDocument `json:"change"`
}

type completeEvent struct {
	Type     string         `json:"type"`
	Exit     int            `json:"exit"`
	Run      string         `json:"run"`
	Failed   string         `json:"failed_file,omitempty"`
	Stopped  string         `json:"stopped,omitempty"`
	Counts   countsDocument `json:"counts"`
	Requests int64          `json:"requests"`
	Seconds  float64        `json:"seconds"`
}
