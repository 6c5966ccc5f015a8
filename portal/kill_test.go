//go:build exhaustive

package portal_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

var (
	kills    = flag.Int("kills", 60, "how often TestExhaustiveKills kills the portal")
	killSeed = flag.Uint64("seed", 0, "what TestExhaustiveKills draws its writes and moments from; 0 takes the time")
)

const (
	killsOfAFile  = 12 // a file grows with each, and so does the time to read all of it
	writersAtWork = 6
)

// `contactsync serve` is killed with SIGKILL at a random moment while several
// clients write, again and again on the same file. Each time it comes back,
// everything it had answered is there to the letter, and each write that was under
// way is there whole or not at all.
func TestExhaustiveKills(t *testing.T) {
	binary := build(t)
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	var all tally
	for file := 0; all.kills < *kills; file++ {
		t.Run(fmt.Sprintf("file%d", file), func(t *testing.T) {
			c := newCampaign(binary, filepath.Join(t.TempDir(), "portal.db"), seed, uint64(file))
			c.run(t, min(killsOfAFile, *kills-all.kills))
			all.add(c.counted)
		})
		if t.Failed() {
			break
		}
	}
	t.Logf("%d kills: %d writes were answered; of %d that were not, %d are there and %d are not",
		all.kills, all.answered, all.present+all.absent, all.present, all.absent)
	if all.answered == 0 {
		t.Error("no write was ever answered, so nothing was put to the test")
	}
}

// build makes the command.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "contactsync")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/contactsync").CombinedOutput()
	if err != nil {
		t.Fatalf("building the command: %v\n%s", err, built)
	}
	return binary
}

// tally counts what happened to writes.
type tally struct{ kills, answered, present, absent int }

func (t *tally) add(more tally) {
	t.kills += more.kills
	t.answered += more.answered
	t.present += more.present
	t.absent += more.absent
}

// campaign is a number of kills on one file.
type campaign struct {
	binary, path string
	rnd          *rand.Rand
	writers      []*writer
	counted      tally
}

func newCampaign(binary, path string, seed, file uint64) *campaign {
	c := &campaign{binary: binary, path: path, rnd: rand.New(rand.NewPCG(seed, file))}
	for i := range writersAtWork {
		c.writers = append(c.writers, newWriter(i, rand.New(rand.NewPCG(c.rnd.Uint64(), uint64(i)))))
	}
	return c
}

func (c *campaign) run(t *testing.T, kills int) {
	t.Helper()
	for c.counted.kills < kills {
		c.counted.kills++
		s := c.start(t)
		if c.rnd.IntN(8) == 0 { // while it opens the file, or just after
			<-time.After(c.moment(20 * time.Millisecond))
			s.kill(t)
			continue
		}
		client := s.client(t)
		c.sound(t)
		c.check(t, client)
		c.load(t, s, client)
	}
	p := portaltest.New(t, portal.Config{Path: c.path})
	c.sound(t)
	c.check(t, portaltest.Client(t, p))
	c.addressed(t, portaltest.Client(t, p))
}

// moment is a random time up to a bound. Nothing that the portal does tells when it
// comes: a kill belongs to no event.
func (c *campaign) moment(most time.Duration) time.Duration {
	return time.Duration(c.rnd.Int64N(int64(most)))
}

// load lets all writers write until the portal is killed.
func (c *campaign) load(t *testing.T, s *process, client *hubspot.Client) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for _, w := range c.writers {
		group.Go(func() {
			for w.step(ctx, client) {
				w.counted.answered++
			}
		})
	}
	<-time.After(c.moment(50 * time.Millisecond))
	s.kill(t)
	cancel()
	group.Wait()
	for _, w := range c.writers {
		if w.failed != nil {
			t.Fatalf("a write failed before the kill: %v\n%s", w.failed, s.stderr.String())
		}
	}
}

// check compares what the portal holds with what it must hold.
func (c *campaign) check(t *testing.T, client *hubspot.Client) {
	t.Helper()
	for _, w := range c.writers {
		if w.company != "" {
			continue
		}
		company, err := client.CreateObject(t.Context(), "companies", hubspot.CreateInput{Properties: map[string]string{"name": w.name}})
		if err != nil {
			t.Fatal(err)
		}
		w.company = company.ID
	}
	found := c.contacts(t, client)
	c.mirrored(t, client, found)
	for _, w := range c.writers {
		w.settle(t, found[w.name])
		c.counted.add(w.counted)
		w.counted = tally{}
	}
}

// sound demands a file that SQLite itself finds nothing wrong with.
func (c *campaign) sound(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+c.path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("the file is damaged: %s, %v", verdict, err)
	}
}

// process is a running `contactsync serve`.
type process struct {
	command *exec.Cmd
	stdout  *json.Decoder
	stderr  bytes.Buffer
}

func (c *campaign) start(t *testing.T) *process {
	t.Helper()
	s := &process{command: exec.CommandContext(t.Context(), c.binary, "serve", "--db", c.path, "--addr", "127.0.0.1:0", "--json")}
	s.command.Stderr = &s.stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.stdout = json.NewDecoder(out)
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// client waits for the portal to say where it listens.
func (s *process) client(t *testing.T) *hubspot.Client {
	t.Helper()
	var welcome struct {
		Address string `json:"address"`
	}
	if err := s.stdout.Decode(&welcome); err != nil {
		s.kill(t)
		t.Fatalf("the portal does not open its file: %v\n%s", err, s.stderr.String())
	}
	client, err := hubspot.New(hubspot.Options{BaseURL: welcome.Address, Token: hubspot.NewSecret("local")})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// kill ends the process as a lost machine would end it, but for the disk: it gets
// no moment to finish anything.
func (s *process) kill(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Kill(); err != nil {
		t.Fatalf("the portal ended by itself: %v\n%s", err, s.stderr.String())
	}
	if err := s.command.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the portal ended by itself: %v\n%s", err, s.stderr.String())
	}
}
