package crm_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
)

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]crm.Email{
		"ada@example.com":           "ada@example.com",
		"  Ada@Example.COM\t":       "ada@example.com",
		"ada+tag@example.com":       "ada+tag@example.com",
		"a.d.a@gmail.com":           "a.d.a@gmail.com",
		"ada@münchen.de":            "ada@xn--mnchen-3ya.de",
		"ada@MÜNCHEN.de":            "ada@xn--mnchen-3ya.de",
		"ada@mu\u0308nchen.de":      "ada@xn--mnchen-3ya.de",
		"jose\u0301@example.com":    "josé@example.com",
		"JOSÉ@example.com":          "josé@example.com",
		"o'neil@example.com":        "o'neil@example.com",
		"用户@例え.jp":                  "用户@xn--r8jz45g.jp",
		"ada@sub.example.co.uk":     "ada@sub.example.co.uk",
		"ada@xn--mnchen-3ya.de":     "ada@xn--mnchen-3ya.de",
		"ada@example.museum":        "ada@example.museum",
		"!#$%&'*+/=?^_`{|}~-@e.com": "!#$%&'*+/=?^_`{|}~-@e.com",
	} {
		if got, err := crm.ParseEmail(text); err != nil || got != want {
			t.Errorf("ParseEmail(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"":                         "empty",
		" \u00a0 ":                 "empty",
		"ada\xff@example.com":      "encoding",
		"ada lovelace@example.com": "space",
		"ada@exam\u00a0ple.com":    "space",
		"ada\u200b@example.com":    "invisible",
		"\u202eada@example.com":    "invisible",
		"ada@example.com\ufeff":    "invisible",
		"ada\ufe0f@example.com":    "invisible", "a\u3164da@example.com": "invisible", "ada\U000e0041@example.com": "invisible",
		"ada\x07@example.com":             "invisible",
		"ada":                             "no-at",
		"ada@home@example.com":            "two-at",
		"@example.com":                    "no-local",
		"ada@":                            "no-domain",
		".ada@example.com":                "dots",
		"ada.@example.com":                "dots",
		"a..b@example.com":                "dots",
		"<ada>@example.com":               "character",
		"\"ada\"@example.com":             "character",
		"ada@localhost":                   "domain-no-dot",
		"ada@example.com.":                "domain-trailing-dot",
		"ada@127.0.0.1":                   "domain-top-level",
		"ada@[127.0.0.1]":                 "domain-host",
		"ada@-example.com":                "domain-host",
		"ada@exa_mple.com":                "domain-host",
		"ada@example..com":                "domain-host",
		"ada@example.c":                   "domain-top-level",
		"ada@xn--zzzzzz99999.com":         "domain-host",
		strings.Repeat("a", 65) + "@e.co": "long-local",
		"a@" + strings.Repeat(strings.Repeat("b", 60)+".", 4) + "example.com":                          "domain-host",
		strings.Repeat("a", 64) + "@" + strings.Repeat(strings.Repeat("b", 60)+".", 3) + "example.com": "long",
	} {
		_, err := crm.ParseEmail(text)
		var refused *crm.EmailError
		if !errors.As(err, &refused) || refused.Rule != rule {
			t.Errorf("ParseEmail(%q): %+v, want rule %q", text, err, rule)
		}
	}
}

// addressTexts draws texts near to addresses, with letters whose case, width or
// composition changes under normalisation.
func addressTexts() *rapid.Generator[string] {
	part := rapid.StringOfN(rapid.SampledFrom([]rune("abcXYZ019.-+_ İıßẞſKÅéÉe\u0301ΣςσǅŉﬁＡ。例え\u0345\u200d")), 1, 8, -1)
	return rapid.Custom(func(t *rapid.T) string {
		return part.Draw(t, "local") + "@" + part.Draw(t, "domain") + rapid.SampledFrom([]string{".com", ".DE", "", ".x.example"}).Draw(t, "top")
	})
}

func TestParseEmailIsIdempotent(t *testing.T) {
	t.Parallel()
	cases, accepted := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		text := addressTexts().Draw(t, "text")
		email, err := crm.ParseEmail(text)
		if err != nil {
			return
		}
		accepted++
		checkNormal(t, text, email)
	})
	const telling = 100 // of fewer addresses, in short runs, none may be accepted
	if cases >= telling && accepted == 0 {
		t.Error("no drawn address was accepted")
	}
}

type failer interface{ Fatalf(string, ...any) }

// checkNormal holds what is true of every accepted address: its normal form is its
// own, and neither case nor the space around it counts.
func checkNormal(t failer, text string, email crm.Email) {
	upper := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			r += 'A' - 'a'
		}
		return r
	}, string(email))
	for _, same := range []string{string(email), " " + text + " ", upper} {
		if again, err := crm.ParseEmail(same); err != nil || again != email {
			t.Fatalf("%q is %q, but %q is %q (%v)", text, email, same, again, err)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, text := range []string{"ada@example.com", "Ada@MÜNCHEN.de", "a..b@c.de", "İ@example.com", "ß@ß.de", "a@xn--a.com"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if email, err := crm.ParseEmail(text); err == nil {
			checkNormal(t, text, email)
		}
	})
}

func TestFreemail(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]bool{"gmail.com": true, "GMX.de": true, "example.com": false, "mail.example.com": false} {
		if crm.Freemail(domain) != want {
			t.Errorf("Freemail(%q) is %t", domain, !want)
		}
	}
}
