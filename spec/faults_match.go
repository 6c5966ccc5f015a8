package spec

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

var matchKeys = []string{"method", "path", "nth", "every", "from", "to", "probability"}

// match reads which requests a fault strikes at.
func (f *faultsReader) match(at field) crm.FaultMatch {
	var m crm.FaultMatch
	fields, ok := f.fields(at)
	if !ok {
		return m
	}
	for _, one := range fields {
		switch one.key {
		case "method":
			m.Method, _ = f.word(one, faultMethods...)
		case "path":
			m.Path = f.pattern(one)
		case "nth":
			m.From = f.whole(one, 1, maxWhole)
			m.To = m.From
		case "every":
			m.Every = f.whole(one, 1, maxWhole)
		case "from":
			m.From = f.whole(one, 1, maxWhole)
		case "to":
			m.To = f.whole(one, 1, maxWhole)
		case "probability":
			m.Probability = f.probability(one)
		default:
			f.unknown(diag.UnknownFaultKey, one, matchKeys)
		}
	}
	f.checkRequests(at, fields, m)
	return m
}

// checkRequests reports requests that are counted in two ways, or in none.
func (f *faultsReader) checkRequests(at field, fields []field, m crm.FaultMatch) {
	ways := 0
	for _, given := range []bool{has(fields, "nth"), has(fields, "every"), has(fields, "from") || has(fields, "to")} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		f.report(diag.FaultRequests, f.at(at), "Of nth, every, and from with to, a fault has at most one.", "keep one")
	case m.To > 0 && m.To < m.From:
		f.report(diag.FaultStretch, f.at(at), fmt.Sprintf("The last request is number %d, the first number %d.", m.To, m.From), "exchange from and to")
	}
}

func (f *faultsReader) probability(one field) float64 {
	text, ok := f.text(one)
	if !ok {
		return 0
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || one.value.Tag != "!!float" && one.value.Tag != "!!int" || number <= 0 || number > 1 {
		f.report(diag.FaultNumber, f.at(one), "A probability is a number above 0 and up to 1.", "write, for example, 0.05")
		return 0
	}
	return number
}

// pattern reads a path whose parts may be * or {name}.
func (f *faultsReader) pattern(one field) string {
	text, ok := f.text(one)
	if !ok {
		return ""
	}
	path, rooted := strings.CutPrefix(text, "/")
	sound := rooted
	for part := range strings.SplitSeq(path, "/") {
		sound = sound && plainPart(part)
	}
	if !sound {
		f.report(diag.FaultPath, f.at(one), "A path begins with / and has no query; its parts are words, * or {name}.", "write * for one whole part, or last for all that follow")
		return ""
	}
	return text
}

func plainPart(part string) bool {
	if name, open := strings.CutPrefix(part, "{"); open {
		name, closed := strings.CutSuffix(name, "}")
		return closed && name != "" && !strings.ContainsAny(name, "{}*?# ")
	}
	return part == "*" || part != "" && !strings.ContainsAny(part, "{}*?# ")
}
