package hubspot

import (
	"fmt"
	"slices"
)

// ambiguous marks a name that several inputs share.
const ambiguous = -1

// inputIndex finds the input that an answer speaks of.
type inputIndex struct {
	trace, email, id map[string]int // index of the input, or ambiguous
	emails           []string       // of each input, as compared; empty for none
	idProperty       string         // what id holds: "" is the record id
}

func newInputIndex(inputs int) *inputIndex {
	return &inputIndex{trace: map[string]int{}, email: map[string]int{}, id: map[string]int{}, emails: make([]string, inputs)}
}

// add notes a name of input i; a name that is not unique finds nothing.
func (x *inputIndex) add(names map[string]int, name string, i int) {
	if name == "" {
		return
	}
	if _, taken := names[name]; taken {
		i = ambiguous
	}
	names[name] = i
}

// find is the input that led to a record: by trace id, else by address, else by
// id. agrees is false where what the record tells points to different inputs.
func (x *inputIndex) find(object Object) (i int, agrees bool) {
	address := ""
	if value := object.Properties[propertyEmail]; value != nil {
		address = emailKey(*value)
	}
	id := object.ID
	if x.idProperty != "" {
		id = ""
		if value := object.Properties[x.idProperty]; value != nil {
			id = *value
		}
	}
	i = ambiguous
	agrees = true
	note := func(names map[string]int, name string) {
		found, ok := names[name]
		switch {
		case name == "" || !ok || found == ambiguous:
		case i == ambiguous:
			i = found
		case i != found:
			agrees = false
		}
	}
	note(x.trace, object.ObjectWriteTraceID)
	note(x.email, address)
	note(x.id, id)
	if _, ours := x.trace[object.ObjectWriteTraceID]; object.ObjectWriteTraceID != "" && !ours && len(x.trace) > 0 {
		agrees = false
	}
	if i != ambiguous && address != "" && x.emails[i] != "" && address != x.emails[i] {
		agrees = false
	}
	return i, agrees
}

// named are the inputs that an error's context names.
func (x *inputIndex) named(told map[string][]string) []int {
	var named []int
	note := func(names map[string]int, values []string, key func(string) string) {
		for _, value := range values {
			if i, ok := names[key(value)]; ok && i != ambiguous && !slices.Contains(named, i) {
				named = append(named, i)
			}
		}
	}
	same := func(text string) string { return text }
	note(x.trace, told["objectWriteTraceId"], same)
	if len(named) > 0 {
		return named // the address of a conflict can be in there too
	}
	note(x.id, told["ids"], same)
	note(x.id, told["id"], same)
	note(x.email, told[propertyEmail], emailKey)
	return named
}

// writeAccount follows what became of each input of a batch write. An input is
// settled by one statement about it; a second one, or a contradiction in the
// first, makes its outcome unknown for good.
type writeAccount struct {
	call    call
	token   Secret
	results []ItemResult
	settled []bool
	doubted []bool
	owner   map[string]int // record id → input
	unnamed int            // errors that name no input
}

func newWriteAccount(c call, token Secret, inputs int) *writeAccount {
	return &writeAccount{
		call: c, token: token, results: make([]ItemResult, inputs),
		settled: make([]bool, inputs), doubted: make([]bool, inputs), owner: map[string]int{},
	}
}

// object accounts for a record that was written.
func (a *writeAccount) object(object Object, known *inputIndex) {
	i, agrees := known.find(object)
	other, shared := a.owner[object.ID]
	if shared {
		a.doubted[other] = true
	}
	if i == ambiguous {
		return // the inputs it may belong to stay unsettled
	}
	a.owner[object.ID] = i
	a.settle(i, ItemResult{Object: &object}, agrees && !shared && object.ID != "")
}

// refusal accounts for an error about the inputs it names.
func (a *writeAccount) refusal(body ErrorBody, inputs []int) {
	if len(inputs) == 0 {
		a.unnamed++
	}
	for _, i := range inputs {
		a.settle(i, ItemResult{Err: itemError(a.call, body, a.token)}, true)
	}
}

func (a *writeAccount) settle(i int, result ItemResult, clean bool) {
	if a.settled[i] || !clean {
		a.doubted[i] = true
	}
	a.settled[i] = true
	a.results[i] = result
}

// close gives each input its result: what was told once and without
// contradiction, else ErrUnknownOutcome.
func (a *writeAccount) close() []ItemResult {
	for i := range a.results {
		switch {
		case a.doubted[i]:
			a.results[i] = ItemResult{Err: fmt.Errorf("%s: %w: the answer contradicts itself about it", a.call.name(), ErrUnknownOutcome)}
		case !a.settled[i] && a.unnamed > 0:
			a.results[i] = ItemResult{Err: fmt.Errorf("%s: %w: hubspot reported an error without saying for which record", a.call.name(), ErrUnknownOutcome)}
		case !a.settled[i]:
			a.results[i] = ItemResult{Err: fmt.Errorf("%s: %w: the answer does not mention it", a.call.name(), ErrUnknownOutcome)}
		}
	}
	return a.results
}
