package cli_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/schema"
	"github.com/contactsync/contactsync/spec"
)

func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"contactsync": func() {
		//nolint:forbidigo // the test binary stands in for the command, whose main touches the process
		os.Exit(cli.Main(context.Background(), cli.Env{
			Args: os.Args[1:], LookupEnv: os.LookupEnv, Random: rand.Reader,
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, //nolint:forbidigo // as above
		}))
	}})
}

// The scripts run the command as a process of its own, without a terminal.
func TestScripts(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXAMPLES", examples)
			return nil
		},
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"terminal": func(ts *testscript.TestScript, neg bool, args []string) { terminal(t.Context(), ts, neg, args) },
			"exitcode": exitCode,
			"portal":   func(ts *testscript.TestScript, neg bool, args []string) { servePortal(t.Context(), ts, neg, args) },
			"steady":   steady,
			"replace":  replace,
			"alias":    alias,
			"kept":     kept,
			"events":   eventTypes,

			"runs":        lastRun,
			"cut-journal": cutJournal,
		},
	})
}

// terminal WIDTH ANSWER ARGS… runs the command as on a terminal of so many columns,
// where somebody types one line. An exit code other than 0 is a failure; -N before
// the width wants that code.
func terminal(ctx context.Context, ts *testscript.TestScript, neg bool, args []string) {
	want := 0
	if code, found := strings.CutPrefix(args[0], "-"); found {
		want, args = number(ts, code), args[1:]
	}
	got := cli.Main(ctx, cli.Env{
		Args: args[2:], Random: rand.Reader, Dir: ts.MkAbs("."),
		LookupEnv: func(name string) (string, bool) { value := ts.Getenv(name); return value, value != "" },
		Stdin:     strings.NewReader(args[1] + "\n"), Stdout: ts.Stdout(), Stderr: ts.Stderr(),
		StdinTerminal: true, StdoutTerminal: true, Width: number(ts, args[0]),
	})
	if neg || got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// portal VARIABLE [db=FILE] [token=TOKEN] [required=PROPERTY] [daily=N] [scopes=A,B]
// [faults=FILE] [RULING=VALUE…] starts a portal on a port of this machine and puts its address into the
// variable. It requires the token, and creates by the paths of 2026-09 that give the
// property; a day has so many requests, a token these scopes.
func servePortal(ctx context.Context, ts *testscript.TestScript, neg bool, args []string) {
	config := portal.Config{AccountID: "241234567", Rulings: portal.Rulings{}}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "db":
			config.Path, config.AccountID = ts.MkAbs(value), ""
		case "token":
			config.Token = value
		case "required":
			config.RequiredOnCreate = []string{value}
		case "daily":
			config.Daily, config.TimeZone = number(ts, value), "Europe/Berlin"
		case "scopes":
			config.Scopes = strings.Split(value, ",")
		case "faults":
			scenario, problems := spec.LoadFaults(spec.Source{Name: value, Open: func() (io.ReadCloser, error) { return os.Open(ts.MkAbs(value)) }})
			if len(problems) > 0 {
				ts.Fatalf("%v", problems)
			}
			config.Faults = scenario
		case "account":
			config.AccountID = value
		case "automatic":
			config.Rulings = portal.Rulings{"auto-company": value, "stage-sync": value}
		default:
			ts.Check(config.Rulings.ParseRuling(arg))
		}
	}
	local, err := portal.Open(ctx, config)
	ts.Check(err)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	ts.Check(err)
	server := portal.Server(local)
	go func() { _ = server.Serve(listener) }()
	ts.Defer(func() { _ = server.Close(); _ = local.Close() })
	ts.Setenv(args[0], "http://"+listener.Addr().String())
	if neg {
		ts.Fatalf("portal cannot be negated")
	}
}

var (
	durations = regexp.MustCompile(`\b\d+\.\d+ s\b`)
	runIDs    = regexp.MustCompile(`\b\d{8}T\d{6}Z\b`)
	days      = regexp.MustCompile(`last modified \d{4}-\d\d-\d\d`)
	created   = regexp.MustCompile(`created on \d{4}-\d\d-\d\d`)
	accounts  = regexp.MustCompile(`account \d{9}\b`)
)

// steady FROM TO copies a file with what differs from run to run replaced.
func steady(ts *testscript.TestScript, _ bool, args []string) {
	text := durations.ReplaceAllString(ts.ReadFile(args[0]), "0.0 s")
	text = days.ReplaceAllString(text, "last modified DAY")
	text = created.ReplaceAllString(text, "created on DAY")
	text = accounts.ReplaceAllString(text, "account 000000000")
	text = runIDs.ReplaceAllString(text, "RUN")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// exitcode N COMMAND ARGS… wants that exit code.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	got := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := number(ts, args[0]); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// replace OLD NEW FILE
func replace(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[2])
	if !strings.Contains(text, args[0]) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.ReplaceAll(text, args[0], args[1])), 0o600))
}

// alias VARIABLE FILE finds the first alias of a masked report.
func alias(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], regexp.MustCompile(`c_[0-9a-f]{10}`).FindString(ts.ReadFile(args[1])))
}

// kept VARIABLE finds the file of failed changes that the first run left.
func kept(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(".contactsync/runs/*/failed.yaml"))
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("no failed changes were kept")
	}
	name, err := filepath.Rel(ts.MkAbs("."), found[0])
	ts.Check(err)
	ts.Setenv(args[0], name)
}

// events FILE TYPE… holds every line of an event stream to its schema, and wants just
// these types, each as often as it follows itself, in this order.
func eventTypes(ts *testscript.TestScript, _ bool, args []string) {
	var types []string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var event any
		ts.Check(json.Unmarshal([]byte(line), &event))
		if err := schema.Validate(schema.Events, event); err != nil {
			ts.Fatalf("%v: %s", err, line)
		}
		kind, _ := event.(map[string]any)["type"].(string)
		if len(types) == 0 || types[len(types)-1] != kind {
			types = append(types, kind)
		}
	}
	if got, want := strings.Join(types, " "), strings.Join(args[1:], " "); got != want {
		ts.Fatalf("the events are\n%s\nwant\n%s", got, want)
	}
}
