package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/conformance"
	"github.com/contactsync/contactsync/portal/portaltest"
)

func probe(t *testing.T, transport http.RoundTripper, version hubspot.Version) *hubspot.Probe {
	t.Helper()
	p, err := hubspot.NewProbe(hubspot.Options{BaseURL: "http://localhost", Transport: transport, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run runs checks in a bubble, where pauses take no time.
func run(t *testing.T, transport http.RoundTripper, version hubspot.Version, checks []conformance.Check) *conformance.Report {
	t.Helper()
	report, err := conformance.Run(t.Context(), probe(t, transport, version), checks, conformance.Options{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// explain is a result in a line.
func explain(r conformance.Result) string {
	text := r.Check.Name + " " + r.Outcome.String()
	switch {
	case r.Mismatch != nil:
		text += ": " + r.Mismatch.Error()
	case r.Observed != nil:
		text += ": " + r.Observed.Error()
	case r.Reason != "":
		text += ": " + r.Reason
	}
	return text
}

// live is how many records a portal has outside the bin.
func live(t *testing.T, p *portal.Portal) int64 {
	t.Helper()
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, count := range stats.Objects {
		n += count.Live
	}
	return n
}

// owned gives a portal an owner.
func owned(t *testing.T, p *portal.Portal) {
	t.Helper()
	if err := p.Fill(t.Context(), &crm.Fixture{Owners: []crm.FixtureOwner{{Email: "raj@example.com"}}}); err != nil {
		t.Fatal(err)
	}
}

// defined are the definitions of a portal that a run may have made.
func defined(t *testing.T, p *portal.Portal) []string {
	t.Helper()
	client := portaltest.Client(t, p)
	properties, err := client.Properties(t.Context(), "contacts", "non_sensitive")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, property := range properties {
		if strings.HasPrefix(property.Name, "contactsync") || strings.HasPrefix(property.GroupName, "contactsync") {
			names = append(names, property.Name)
		}
	}
	labels, err := client.Labels(t.Context(), "contacts", "companies")
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range labels {
		if label.Category == "USER_DEFINED" {
			names = append(names, *label.Label)
		}
	}
	return names
}

// The local portal keeps to the contract in every version, with limits and without,
// and what the checks made is gone afterwards.
func TestLocalPortal(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.V3, hubspot.V202603, hubspot.V202609} {
		for _, limits := range []portal.Tier{portal.Off, portal.Enterprise} {
			t.Run(fmt.Sprintf("%s %v", version, limits), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					p := portaltest.New(t, portal.Config{Limits: limits, SearchLag: 3 * time.Second})
					owned(t, p)
					report := run(t, p.Transport(), version, conformance.Checks())
					for _, result := range report.Results {
						skipped := result.Outcome == conformance.Skipped && limits == portal.Off && result.Check.Name == "rate-headers"
						if result.Outcome != conformance.Passed && !skipped {
							t.Error(explain(result))
						}
					}
					if len(report.Results) != len(conformance.Checks()) || report.Made == 0 || len(report.Left) > 0 {
						t.Errorf("%d results, %d records made, left %v", len(report.Results), report.Made, report.Left)
					}
					if n, names := live(t, p), defined(t, p); n != 0 || len(names) > 0 {
						t.Errorf("%d records are left, and %v", n, names)
					}
				})
			})
		}
	}
}

// Where sources disagree, a portal that decided otherwise differs, and the result
// names the ruling with which the local portal does the same.
func TestRulings(t *testing.T) {
	t.Parallel()
	for _, ruling := range []string{
		"empty-properties=omit", "backward-stage=allow", "upsert-by-email=reject", "upsert-by-email=replace",
		"update-unknown-ids=silent", "unchanged-update=keep", "normalise-phone=on", "merge-id=primary", "forgotten-address=refuse", "auto-company=on",
	} {
		t.Run(ruling, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rulings := portal.Rulings{}
				if err := rulings.ParseRuling(ruling); err != nil {
					t.Fatal(err)
				}
				p := portaltest.New(t, portal.Config{Rulings: rulings, Limits: portal.Enterprise})
				differing := []string{}
				for _, result := range run(t, p.Transport(), hubspot.V3, conformance.Checks()).Results {
					if result.Outcome == conformance.Failed {
						t.Error(explain(result))
					}
					if result.Outcome == conformance.Differs {
						differing = append(differing, result.Observed.Error())
					}
				}
				if diff := cmp.Diff([]string{ruling}, differing); diff != "" {
					t.Errorf("differs by (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A company that the portal adds to a contact by itself is the run's, and removed
// with the rest.
func TestCompaniesThatThePortalAdds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"auto-company": "on", "stage-sync": "on"}})
		for _, result := range run(t, p.Transport(), hubspot.V3, conformance.Checks()).Results {
			if result.Outcome == conformance.Failed {
				t.Error(explain(result))
			}
		}
		if n := live(t, p); n != 0 {
			t.Errorf("%d records are left", n)
		}
	})
}

// A check says what it is about and where that stands, under a name of its own, and
// every ruling that it observes is one of the local portal's.
func TestChecksAreDescribed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := make(map[string]bool)
		p := portaltest.New(t, portal.Config{Limits: portal.Free})
		owned(t, p)
		for _, result := range run(t, p.Transport(), hubspot.V3, conformance.Checks()).Results {
			check := result.Check
			if check.Name == "" || seen[check.Name] || check.About == "" || check.Source == "" || strings.HasSuffix(check.About, ".") {
				t.Errorf("%q is described badly: %q (%s)", check.Name, check.About, check.Source)
			}
			seen[check.Name] = true
			if result.Observed != nil {
				if err := (portal.Rulings{}).ParseRuling(result.Observed.Error()); err != nil {
					t.Errorf("%s: %v", check.Name, err)
				}
			}
		}
	})
}

// Records of others are as they were, whatever the checks did.
func TestRecordsOfOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{})
		if err := p.Seed(t.Context(), 60, 1); err != nil {
			t.Fatal(err)
		}
		client := portaltest.Client(t, p)
		before := everything(t, client)
		run(t, p.Transport(), hubspot.V3, conformance.Checks())
		if diff := cmp.Diff(before, everything(t, client)); diff != "" {
			t.Errorf("the portal's own records changed (-before +after):\n%s", diff)
		}
	})
}

func everything(t *testing.T, client *hubspot.Client) map[string]hubspot.Object {
	t.Helper()
	all := make(map[string]hubspot.Object)
	for _, objectType := range []string{"contacts", "companies"} {
		for page, err := range client.Objects(t.Context(), objectType, hubspot.ListOptions{Limit: 100, Properties: []string{"email", "firstname", "lifecyclestage", "lastmodifieddate", "domain"}}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, object := range page {
				all[object.ID] = object
			}
		}
	}
	if len(all) < 60 {
		t.Fatalf("the portal has %d records", len(all))
	}
	return all
}

// An interrupted run finishes the request under way and removes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		requests := 0
		transport := carrier(func(r *http.Request) (*http.Response, error) {
			if requests++; requests == 100 {
				cancel()
			}
			return p.Transport().RoundTrip(r)
		})
		report, err := conformance.Run(ctx, probe(t, transport, hubspot.V3), conformance.Checks(), conformance.Options{Run: "r1"})
		if !errors.Is(err, context.Canceled) || len(report.Results) == 0 || len(report.Results) == len(conformance.Checks()) {
			t.Errorf("%d results, %v", len(report.Results), err)
		}
		if n := live(t, p); n != 0 || report.Made == 0 {
			t.Errorf("%d of %d records are left", n, report.Made)
		}
	})
}

// A contact whose create was carried out but never answered is found and removed.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{})
		creates := 0
		transport := carrier(func(r *http.Request) (*http.Response, error) {
			answer, err := p.Transport().RoundTrip(r)
			if r.URL.Path == "/crm/v3/objects/contacts" && r.Method == http.MethodPost {
				if creates++; creates == 5 {
					return nil, errors.New("connection reset")
				}
			}
			return answer, err
		})
		report, err := conformance.Run(t.Context(), probe(t, transport, hubspot.V3), conformance.Checks(), conformance.Options{Run: "r1"})
		if !errors.Is(err, hubspot.ErrUnknownOutcome) || len(report.Left) != 0 {
			t.Errorf("left %v, %v", report.Left, err)
		}
		if n := live(t, p); n != 0 {
			t.Errorf("%d records are left", n)
		}
	})
}

// A check whose scope the token lacks is skipped and says which it was; none fails
// for it, and what was made is removed.
func TestMissingScopes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Limits: portal.Free, Scopes: []string{"crm.objects.contacts.read", "crm.objects.contacts.write"}})
		outcomes := make(map[string]string)
		for _, result := range run(t, p.Transport(), hubspot.V3, conformance.Checks()).Results {
			outcomes[result.Check.Name] = explain(result)
			if result.Outcome == conformance.Failed {
				t.Error(explain(result))
			}
		}
		for name, want := range map[string]string{
			"create":           "create pass",
			"merge":            "merge pass",
			"owners":           "owners skip: the access token lacks a scope: crm.objects.owners.read",
			"associate-label":  "associate-label skip: the access token lacks a scope: crm.objects.companies.write",
			"property-archive": "property-archive skip: the access token lacks a scope: crm.schemas.contacts.write",
		} {
			if diff := cmp.Diff(want, outcomes[name]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if n := live(t, p); n != 0 {
			t.Errorf("%d records are left", n)
		}
	})
}

// What cannot be removed is named.
func TestLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{})
		transport := carrier(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/batch/archive") && strings.Contains(r.URL.Path, "/objects/") {
				return answering(r, http.StatusForbidden, `{"status":"error","message":"no","category":"MISSING_SCOPES"}`), nil
			}
			return p.Transport().RoundTrip(r)
		})
		report := run(t, transport, hubspot.V3, conformance.Checks())
		if n := live(t, p); n == 0 || int64(len(report.Left)) < n || report.Left[0].Type != "companies" || report.Left[0].Why == "" {
			t.Errorf("%d records are live, left %+v", n, report.Left)
		}
	})
}
