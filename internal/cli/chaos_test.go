//go:build exhaustive

package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

var (
	chaosRuns = flag.Int("runs", 60, "how many applies TestExhaustiveChaos kills")
	chaosSeed = flag.Uint64("seed", 0, "what TestExhaustiveChaos draws the numbers and moments of its kills from; 0 takes the time")
)

// Sizes of one apply: 100 contacts change, 30 each are renamed, archived and linked, 40
// stay, 100 are new.
const (
	appliesOfAPortal = 20
	changedPeople    = 100
	renamedPeople    = 130
	archivedPeople   = 160
	linkedPeople     = 190
	livePeople       = 230
	newPeople        = 100
	mostKills        = 3
)

// The command applies 300 contacts to a portal behind a socket and is killed with SIGKILL
// one to three times, at random moments, sometimes with the portal; after each kill it is run again as it says
// itself. In the end the portal is as declared, to the number of contacts, and the plan is
// empty.
func TestExhaustiveChaos(t *testing.T) {
	c := &chaos{binary: filepath.Join(t.TempDir(), "contactsync"), seed: *chaosSeed}
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", c.binary, "../../cmd/contactsync").CombinedOutput()
	if err != nil {
		t.Fatalf("building the command: %v\n%s", err, built)
	}
	if c.seed == 0 {
		c.seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", c.seed)
	for first := 0; first < *chaosRuns && !t.Failed(); first += appliesOfAPortal {
		t.Run(fmt.Sprintf("portal%d", first/appliesOfAPortal), func(t *testing.T) {
			c.open(t)
			for run := first; run < min(first+appliesOfAPortal, *chaosRuns); run++ {
				c.apply(t, run)
			}
		})
	}
	t.Logf("%d applies: %d kills, of which %d came after the first record and before the end; %d resumed; the portal was killed too %d times", c.applies, c.kills, c.cut, c.resumed, c.restarts)
	if c.cut == 0 {
		t.Error("no kill ever cut a run, so nothing was put to the test")
	}
}

type chaos struct {
	binary                       string
	seed                         uint64
	file                         string
	serve                        *exec.Cmd
	address, company             string
	client                       *hubspot.Client
	usual                        time.Duration // how long the last whole apply took
	expected                     int           // live contacts
	applies, kills, cut, resumed int
	restarts                     int
}

// open makes a portal behind a socket.
func (c *chaos) open(t *testing.T) {
	t.Helper()
	c.file, c.expected = filepath.Join(t.TempDir(), "portal.db"), 0
	c.start(t)
	t.Cleanup(c.stop)
	company, err := c.client.CreateObject(t.Context(), "companies", hubspot.CreateInput{Properties: map[string]string{"domain": "acme.example"}})
	if err != nil {
		t.Fatal(err)
	}
	c.company = company.ID
}

// stop kills the portal.
func (c *chaos) stop() {
	_ = c.serve.Process.Kill()
	_ = c.serve.Wait()
}

// start serves the portal's file, at another port each time.
func (c *chaos) start(t *testing.T) {
	t.Helper()
	c.serve = exec.CommandContext(t.Context(), c.binary, "serve", "--db", c.file, "--addr", "127.0.0.1:0", "--limits", "off", "--json")
	out, err := c.serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.serve.Start(); err != nil {
		t.Fatal(err)
	}
	var welcome struct {
		Address string `json:"address"`
	}
	if err := json.NewDecoder(out).Decode(&welcome); err != nil {
		t.Fatal(err)
	}
	c.address = welcome.Address
	c.client, err = hubspot.New(hubspot.Options{BaseURL: c.address, Token: hubspot.NewSecret("local")})
	if err != nil {
		t.Fatal(err)
	}
}

// apply fills the portal for one apply, kills it, lets it be resumed, and looks at what
// there is then.
func (c *chaos) apply(t *testing.T, run int) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(c.seed, uint64(run)))
	folder := t.TempDir()
	c.people(t, run)
	if err := os.WriteFile(filepath.Join(folder, "crm.yaml"), []byte(c.declared(run)), 0o600); err != nil {
		t.Fatal(err)
	}
	c.applies++
	kills := 1 + rnd.IntN(mostKills)
	for {
		var deadline time.Duration
		if kills > 0 && c.usual > 0 {
			deadline = 1 + time.Duration(rnd.Int64N(int64(c.usual)))
		}
		kills--
		command := []string{"apply", "crm.yaml", "--yes"}
		if c.interrupted(t, folder) {
			c.refused(t, folder)
			c.resumed++
			command = []string{"apply", "--resume", "--yes"}
		}
		begun := time.Now()
		out, killed := c.run(t, folder, deadline, 0, command...)
		if killed && rnd.IntN(4) == 0 {
			c.stop()
			c.start(t)
			c.restarts++
		}
		if !killed {
			if command[1] != "--resume" {
				c.usual = time.Since(begun)
			}
			if !strings.Contains(out, "Applied in") {
				t.Fatalf("apply %d, seed %d: it ended with\n%s", run, c.seed, out)
			}
			break
		}
		c.kills++
		if c.interrupted(t, folder) {
			c.cut++
		} else if out, _ := c.run(t, folder, 0, -1, "plan", "crm.yaml", "--detailed-exitcode"); strings.Contains(out, "No changes") {
			break // it was killed after its end
		}
	}
	c.expected += livePeople - (archivedPeople - renamedPeople) + newPeople
	c.check(t, run, folder)
}

// run runs the command, kills it after a while when deadline is not 0, and wants an exit
// code when it was not; -1 is any.
func (c *chaos) run(t *testing.T, folder string, deadline time.Duration, want int, args ...string) (out string, killed bool) {
	t.Helper()
	var text bytes.Buffer
	command := exec.CommandContext(t.Context(), c.binary, append(args, "--portal", c.address, "--color", "never")...)
	command.Dir, command.Stdout, command.Stderr = folder, &text, &text
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if deadline > 0 {
		timer := time.AfterFunc(deadline, func() { _ = command.Process.Kill() })
		defer timer.Stop()
	}
	err := command.Wait()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case failed && !exit.Exited():
		return text.String(), true
	case err != nil && !failed, want >= 0 && command.ProcessState.ExitCode() != want:
		t.Fatalf("seed %d: contactsync %s: %v\n%s", c.seed, strings.Join(args, " "), err, text.String())
	}
	return text.String(), false
}

// interrupted reports whether the last run in the folder was cut.
func (c *chaos) interrupted(t *testing.T, folder string) bool {
	t.Helper()
	out, _ := c.run(t, folder, 0, 0, "history", "--json")
	var history struct {
		Runs []struct {
			State string `json:"state"`
		} `json:"runs"`
	}
	if err := json.Unmarshal([]byte(out), &history); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return len(history.Runs) > 0 && history.Runs[0].State == "interrupted"
}

// refused demands that nothing else is applied before a cut run is resumed.
func (c *chaos) refused(t *testing.T, folder string) {
	t.Helper()
	if out, _ := c.run(t, folder, 0, 6, "apply", "crm.yaml", "--yes"); !strings.Contains(out, "apply --resume") {
		t.Fatalf("the refusal does not say how to go on:\n%s", out)
	}
}

func (c *chaos) email(run, i int) string { return fmt.Sprintf("r%d-p%d@example.com", run, i) }

// people adds the contacts that live before the apply.
func (c *chaos) people(t *testing.T, run int) {
	t.Helper()
	for first := 0; first < livePeople; first += hubspot.MaxBatch {
		var inputs []hubspot.CreateInput
		for i := first; i < min(first+hubspot.MaxBatch, livePeople); i++ {
			properties := map[string]string{"email": c.email(run, i), "lastname": "Before"}
			if i%10 == 0 {
				properties["lifecyclestage"] = "customer"
			}
			inputs = append(inputs, hubspot.CreateInput{Properties: properties})
		}
		results, err := c.client.BatchCreate(t.Context(), "contacts", inputs)
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			if result.Err != nil {
				t.Fatal(result.Err)
			}
		}
	}
}

func (c *chaos) declared(run int) string {
	var text strings.Builder
	text.WriteString("version: 1\nlimits: {archive: 999, create: 999, update: 999, overwrite: 999, stage_back: 999}\ncontacts:\n")
	for i := range livePeople + newPeople {
		email := c.email(run, i)
		switch {
		case i < changedPeople && i%10 == 0:
			fmt.Fprintf(&text, "  - {email: %s, lifecycle: allow_backward, properties: {lastname: After, lifecyclestage: lead}}\n", email)
		case i < changedPeople:
			fmt.Fprintf(&text, "  - {email: %s, properties: {lastname: After}}\n", email)
		case i < renamedPeople:
			fmt.Fprintf(&text, "  - {email: new-%s, previous_email: %s}\n", email, email)
		case i < archivedPeople:
			fmt.Fprintf(&text, "  - {email: %s, ensure: archived}\n", email)
		case i < linkedPeople, i >= livePeople:
			fmt.Fprintf(&text, "  - {email: %s, associations: [{to: company, id: %q}]}\n", email, c.company)
		default:
			fmt.Fprintf(&text, "  - {email: %s, properties: {lastname: Before}}\n", email)
		}
	}
	return text.String()
}

// check holds the portal against what was declared: the plan is empty, and there is not
// one contact more or less than there should be.
func (c *chaos) check(t *testing.T, run int, folder string) {
	t.Helper()
	if out, _ := c.run(t, folder, 0, 0, "plan", "crm.yaml", "--detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("apply %d, seed %d: the plan after it is not empty:\n%s", run, c.seed, out)
	}
	holders := make(map[string]int)
	total, changed := 0, 0
	for page, err := range c.client.Objects(t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"email", "lastname"}}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range page {
			total++
			holders[*object.Properties["email"]]++
			if strings.HasPrefix(*object.Properties["email"], "r"+strconv.Itoa(run)+"-") && object.Properties["lastname"] != nil && *object.Properties["lastname"] == "After" {
				changed++
			}
		}
	}
	type figures struct{ Contacts, Addresses, Changed int }
	if diff := cmp.Diff(figures{c.expected, c.expected, changedPeople}, figures{total, len(holders), changed}); diff != "" {
		t.Errorf("apply %d, seed %d: the portal (-want +got):\n%s", run, c.seed, diff)
	}
}
