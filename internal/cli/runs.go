package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// The folder of a run, .contactsync/runs/RUN, holds its journal, the plan that it
// carries out, and the changes that failed. All of it is personal data, readable by its
// owner alone; `history prune` removes it.
const (
	journalFile = "journal"
	damagedFile = "journal.damaged" // what an abandoned journal that cannot be read is renamed to
	planFile    = "plan.jsonl"
)

// runJournal makes the folder of a run, its plan and its journal when the first record
// comes, which is before the first request that writes: a run that is refused leaves
// nothing.
type runJournal struct {
	folder string
	plan   *plan.Plan
	writer *journal.Writer
}

func (j *runJournal) Append(record journal.Record) error {
	if j.writer == nil {
		if err := j.create(); err != nil {
			_ = os.RemoveAll(j.folder) // nothing was sent, so nothing of it is needed
			return err
		}
	}
	return j.writer.Append(record)
}

func (j *runJournal) create() (err error) {
	path := filepath.Join(j.folder, planFile)
	if err := makeStateFolder(path); err != nil {
		return err
	}
	for folder := j.folder; filepath.Base(folder) != stateFolder; { // the names of all that may be new
		folder = filepath.Dir(folder)
		if err := errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder))); err != nil {
			return err
		}
	}
	if err := writeFile(path, j.plan.Encode); err != nil {
		return err
	}
	j.writer, err = journal.Create(filepath.Join(j.folder, journalFile))
	return err
}

func (j *runJournal) close() error {
	if j.writer == nil {
		return nil
	}
	return j.writer.Close()
}

// pastRun is a run as its folder tells of it.
type pastRun struct {
	id, folder string
	log        *journal.Log // of a damaged journal: what stands before the damage
	damage     error
	putAside   bool // it was abandoned because of the damage
	none       bool // there is no journal: it never began, or the journal was removed
}

// runs are the runs of a project, the oldest first.
func runs(p *project) ([]*pastRun, error) {
	names, err := runNames(p)
	if err != nil {
		return nil, err
	}
	var found []*pastRun
	for _, name := range names {
		run, err := readRun(p, name)
		if err != nil {
			return nil, err
		}
		found = append(found, run)
	}
	return found, nil
}

// readRun reads the journal of one run. Damage is no error here.
func readRun(p *project, id string) (*pastRun, error) {
	run := &pastRun{id: id, folder: p.state("runs", id)}
	path := filepath.Join(run.folder, journalFile)
	if !exists(path) {
		path, run.putAside = filepath.Join(run.folder, damagedFile), true
	}
	log, err := journal.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		run.none, log = true, &journal.Log{}
	case errors.Is(err, journal.ErrDamaged), errors.Is(err, journal.ErrVersion):
		run.damage = err
	case err != nil:
		return nil, err
	}
	run.log = log
	return run, nil
}

// findRun is the run that an argument names.
func findRun(p *project, id string) (*pastRun, error) {
	if !runName.MatchString(id) {
		return nil, noSuchRun(id)
	}
	if !isFolder(p.state("runs", id)) {
		return nil, noSuchRun(id)
	}
	return readRun(p, id)
}

// unfinished reports whether the run keeps others from the portal: it was cut after it
// began, or its journal cannot say.
func (r *pastRun) unfinished() bool {
	return !r.putAside && (r.damage != nil || r.log.State() == journal.Interrupted)
}

// resumable reports whether there is something left that resuming would do.
func (r *pastRun) resumable() bool {
	if r.damage != nil || r.log.Begin() == nil {
		return false
	}
	end := r.log.End()
	return end == nil || end.Status == journal.Stopped || end.Status == journal.Done && end.Unknown > 0
}

// of reports whether the run may be one of that portal.
func (r *pastRun) of(portal string) bool {
	begin := r.log.Begin()
	return begin == nil && r.damage != nil || begin != nil && begin.Portal == portal
}

func (r *pastRun) state() string {
	switch {
	case r.damage != nil:
		return "damaged"
	case r.none:
		return "without journal"
	}
	return r.log.State().String()
}

func (r *pastRun) plan() (*plan.Plan, error) {
	file, err := openOwn(filepath.Join(r.folder, planFile), os.O_RDONLY)
	if err != nil {
		return nil, fmt.Errorf("opening the plan of run %s: %w", r.id, err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	return plan.Decode(file)
}

// review is the run's plan, and how it stands by the journal. A plan that is missing,
// damaged or another one is as bad as a damaged journal.
func (r *pastRun) review() (*plan.Plan, *apply.Result, error) {
	if r.damage != nil {
		return nil, nil, journalDamaged(r.id, r.damage)
	}
	if r.log.Begin() == nil {
		return nil, nil, runNotBegun(r.id)
	}
	p, err := r.plan()
	if err != nil {
		return nil, nil, journalDamaged(r.id, err)
	}
	result, err := apply.Review(p, r.log.Records)
	if err != nil {
		return nil, nil, journalDamaged(r.id, err)
	}
	return p, result, nil
}

// runsOf are the runs whose journal or plan holds a person. One that was cut refuses: its
// journal is still needed.
func runsOf(p *project, email crm.Email) ([]*pastRun, error) {
	found, err := runs(p)
	if err != nil {
		return nil, err
	}
	escaped, err := json.Marshal(email) // as it stands in a line of JSON
	if err != nil {
		return nil, err
	}
	var held []*pastRun
	for _, run := range found {
		holds, err := run.holds(bytes.ToLower(bytes.Trim(escaped, `"`)))
		switch {
		case err != nil:
			return nil, err
		case holds && run.unfinished():
			return nil, runHoldsPerson(run.id)
		case holds:
			held = append(held, run)
		}
	}
	return held, nil
}

// files are those of the run's folder that are not desired state: all but the changes
// that failed.
func (r *pastRun) files() ([]string, error) {
	entries, err := os.ReadDir(r.folder)
	if err != nil {
		return nil, fmt.Errorf("reading run %s: %w", r.id, err)
	}
	var files []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && !desired(entry.Name()) {
			files = append(files, filepath.Join(r.folder, entry.Name()))
		}
	}
	return files, nil
}

// forget removes what the run knows of people, but for the changes that failed.
func (r *pastRun) forget() error {
	files, err := r.files()
	if err != nil {
		return err
	}
	for _, path := range files {
		if err := os.Remove(path); err != nil {
			return cannotWrite(path, reason(err))
		}
	}
	_ = os.Remove(r.folder) // when nothing is left
	return syncFolder(filepath.Dir(r.folder))
}

// holds reports whether a file of the run holds an address.
func (r *pastRun) holds(address []byte) (bool, error) {
	files, err := r.files()
	if err != nil {
		return false, err
	}
	for _, path := range files {
		text, err := readOwn(path)
		if err != nil {
			return false, fmt.Errorf("reading run %s: %w", r.id, err)
		}
		if bytes.Contains(bytes.ToLower(text), address) {
			return true, nil
		}
	}
	return false, nil
}

// refuseUnfinished ends a command that writes when a run of the same portal was cut.
func (inv *invocation) refuseUnfinished(p *project, portal string) error {
	found, err := runs(p)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(found, func(r *pastRun) bool { return r.unfinished() && r.of(portal) })
	if at < 0 {
		return nil
	}
	run := found[at]
	if run.damage != nil {
		return journalDamaged(run.id, run.damage)
	}
	return runUnfinished(run.id, inv.onSamePortal("apply", "--resume", run.id), inv.onSamePortal("history", "abandon", run.id))
}

// abandon gives the run up. A journal that cannot be read is put aside.
func (r *pastRun) abandon() error {
	path := filepath.Join(r.folder, journalFile)
	if r.damage != nil {
		if err := os.Rename(path, filepath.Join(r.folder, damagedFile)); err != nil {
			return cannotWrite(path, reason(err))
		}
		return syncFolder(r.folder)
	}
	end := &journal.End{Status: journal.Abandoned}
	if _, result, err := r.review(); err == nil {
		c := result.Counts
		end.Failed, end.Skipped, end.Stale, end.Unknown = c.Failed, c.Skipped, c.Stale, c.Unknown
		end.Applied = len(result.Entries) - c.Failed - c.Skipped - c.Stale - c.Unknown
	}
	writer, _, err := journal.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(writer.Append(journal.Record{End: end}), writer.Close())
}
