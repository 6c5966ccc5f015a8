package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A run is called by the moment it began, 20261123T164210Z. That is for people: what
// orders runs is the order in which they were named, and a name follows every earlier one
// whatever the clock says. Where it stands still or goes back, the name is that of the
// last run with a number behind it: 20261123T164210Z-2.
const runLayout = "20060102T150405Z"

var runName = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z(-[1-9][0-9]{0,8})?$`)

// newRun is the name of a run that begins now. The lock keeps others from taking it.
func newRun(p *project) (string, error) {
	names, err := runNames(p)
	if err != nil {
		return "", err
	}
	name := time.Now().UTC().Format(runLayout)
	if len(names) == 0 {
		return name, nil
	}
	moment, n := splitRun(names[len(names)-1])
	if name > moment {
		return name, nil
	}
	return fmt.Sprintf("%s-%d", moment, n+1), nil
}

// splitRun is the moment in a run's name, and which run of that moment it was, from 1.
func splitRun(name string) (moment string, n int) {
	moment, number, numbered := strings.Cut(name, "-")
	if !numbered {
		return moment, 1
	}
	n, _ = strconv.Atoi(number) // runName lets few digits through
	return moment, n
}

func compareRuns(a, b string) int {
	momentA, nA := splitRun(a)
	momentB, nB := splitRun(b)
	return cmp.Or(cmp.Compare(momentA, momentB), cmp.Compare(nA, nB))
}

// runNames are the names of a project's runs, the oldest first.
func runNames(p *project) ([]string, error) {
	entries, err := os.ReadDir(p.state("runs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for past runs: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && runName.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	slices.SortFunc(names, compareRuns)
	return names, nil
}
