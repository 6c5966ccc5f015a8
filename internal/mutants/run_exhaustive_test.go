//go:build exhaustive

package mutants_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/conc/iter"
)

var only = flag.String("only", "", "run the mutants whose names this pattern matches; all by default")

// Every mutant is caught by the tests that it names, or else by any of their packages,
// unless it says why none can. One that does not compile is no mutant.
func TestMutants(t *testing.T) {
	chosen := regexp.MustCompile(*only)
	var mutants []mutant
	for _, m := range load(t) {
		if chosen.MatchString(m.name) {
			mutants = append(mutants, m)
		}
	}
	if len(mutants) == 0 {
		t.Fatalf("no mutant matches %q", *only)
	}
	began := time.Now()
	for pkg, runs := range named(mutants) {
		if by, err := fails(t.Context(), "", pkg, "-run="+strings.Join(runs, "|")); by != "" || err != nil {
			t.Fatalf("with no mutant at all %s fails: %v", by, err)
		}
	}
	workers := iter.Mapper[mutant, bool]{MaxGoroutines: runtime.GOMAXPROCS(0)}
	caught := 0
	for _, noticed := range workers.Map(mutants, func(m *mutant) bool { return m.report(t) }) {
		if noticed {
			caught++
		}
	}
	t.Logf("%d of %d mutants were caught, in %v", caught, len(mutants), time.Since(began).Round(time.Second))
}

// named are the patterns of all tests that should catch mutants, by package.
func named(mutants []mutant) map[string][]string {
	patterns := make(map[string][]string)
	for _, m := range mutants {
		for _, test := range m.tests {
			patterns[test.pkg] = append(patterns[test.pkg], test.run)
		}
	}
	return patterns
}

// report runs a mutant, says how it ended, and reports whether it was caught.
func (m *mutant) report(t *testing.T) bool {
	t.Helper()
	by, err := m.run(t.Context(), t.TempDir())
	switch {
	case err != nil:
		t.Errorf("NO MUTANT %s: %v", m.name, err)
	case by == "" && m.survives == "":
		t.Errorf("SURVIVED  %s: %s (%s)", m.name, m.breaks, m.file)
	case by == "":
		t.Logf("survived  %s: %s", m.name, m.survives)
	case m.survives != "":
		t.Errorf("CAUGHT    %s by %s, though its file says that it survives", m.name, by)
	default:
		t.Logf("caught    %s by %s", m.name, by)
	}
	return by != ""
}

// run builds the mutant and runs the tests against it: first those that it names, then all
// of their packages. It returns the test that failed, or "".
func (m *mutant) run(ctx context.Context, folder string) (string, error) {
	overlay, err := m.overlay(folder)
	if err != nil {
		return "", err
	}
	if out, err := goRun(ctx, "build", "-overlay="+overlay, "./"+path.Dir(m.file)); err != nil {
		return "", fmt.Errorf("it does not compile: %w\n%s", err, out)
	}
	for _, test := range m.tests {
		if by, err := fails(ctx, overlay, test.pkg, "-timeout=120s", "-run="+test.run); by != "" || err != nil {
			return by, err
		}
	}
	for _, test := range m.tests {
		by, err := fails(ctx, overlay, test.pkg, "-timeout=10m")
		switch {
		case err != nil:
			return "", err
		case by != "":
			return by + ", which its file does not name", nil
		}
	}
	return "", nil
}

// overlay writes the mutated file and what tells go to take it for the true one.
func (m *mutant) overlay(folder string) (string, error) {
	_, mutated, err := m.source()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(m.file)))
	if err != nil {
		return "", err
	}
	replacement, overlay := filepath.Join(folder, "mutated.go"), filepath.Join(folder, "overlay.json")
	text, err := json.Marshal(map[string]map[string]string{"Replace": {original: replacement}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(os.WriteFile(replacement, []byte(mutated), 0o600), os.WriteFile(overlay, text, 0o600))
}

var failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// fails runs tests of a package and returns the one that failed, or "". Tests that do not
// run prove nothing: that is an error.
func fails(ctx context.Context, overlay, pkg string, more ...string) (string, error) {
	began := time.Now()
	out, err := goRun(ctx, append(append([]string{"test", "-overlay=" + overlay, "-vet=off", "-count=1", "-failfast"}, more...), pkg)...)
	took := time.Since(began).Round(100 * time.Millisecond)
	names := failure.FindAllStringSubmatch(out, -1)
	switch {
	case err == nil && strings.Contains(out, "[no tests to run]"):
		return "", fmt.Errorf("no test of %s is meant by %v", pkg, more)
	case err == nil:
		return "", nil
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		return "", fmt.Errorf("the tests do not compile: %w\n%s", err, out)
	case strings.Contains(out, "panic: test timed out"):
		return fmt.Sprintf("the clock: it hung, and was ended after %v", took), nil
	case len(names) > 0:
		return fmt.Sprintf("%s (%v)", names[len(names)-1][1], took), nil
	case strings.Contains(out, "panic: "), strings.Contains(out, "fatal error: "):
		return fmt.Sprintf("a panic in %s (%v)", pkg, took), nil
	}
	return "", fmt.Errorf("the tests did not run: %w\n%s", err, out)
}

func goRun(ctx context.Context, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", arguments...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}
