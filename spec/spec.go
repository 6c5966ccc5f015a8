// Package spec reads the desired state: YAML files of contacts and associations,
// the project file beside them, and the fixtures of local portals.
//
// Values are never resolved: a property's value is the scalar's raw text, so
// 02139 and +15550100 arrive as written. Every problem of every file is reported
// in one run, with its position. Nothing here reads the network or the clock.
package spec

import "io"

// Source is one input: a name for positions, and a way to read it.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}
