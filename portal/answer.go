package portal

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"time"
)

// answer is a response before it is written. A nil body is none at all.
type answer struct {
	status int
	body   any
}

// batch is the envelope of batch answers, keys in the order of HubSpot's samples.
type batch[T any] struct {
	Status      string      `json:"status"`
	Results     []T         `json:"results"`
	StartedAt   string      `json:"startedAt"`
	CompletedAt string      `json:"completedAt"`
	NumErrors   int         `json:"numErrors,omitempty"`
	Errors      []itemError `json:"errors,omitempty"`
}

// completed wraps the results of a batch: status when all went well, 207 when
// some inputs failed. Results come in an order that depends on the request and on
// nothing else, because HubSpot promises none and clients must not see one.
func completed[T any](c *call, status int, results []T, failures []itemError) answer {
	hash := fnv.New64a()
	_, _ = hash.Write(c.body)                                            // never fails
	shuffle := rand.New(rand.NewPCG(hash.Sum64(), uint64(len(results)))) // #nosec G404 -- an order, not a secret
	shuffle.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	return complete(c, status, results, failures)
}

// complete is the same with the results in the order given.
func complete[T any](c *call, status int, results []T, failures []itemError) answer {
	if results == nil {
		results = []T{}
	}
	if len(failures) > 0 {
		status = http.StatusMultiStatus
	}
	at := timestamp(c.now.UnixMilli())
	return answer{status, batch[T]{
		Status: "COMPLETE", Results: results, StartedAt: at, CompletedAt: at, NumErrors: len(failures), Errors: failures,
	}}
}

// timestamp writes Unix milliseconds as HubSpot does.
func timestamp(milliseconds int64) string {
	return time.UnixMilli(milliseconds).UTC().Format("2006-01-02T15:04:05.000Z")
}

// marshal encodes a body; < and > and & stay as they are, as in HubSpot's.
func marshal(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		// Bodies are made of strings, numbers and slices of them.
		panic("portal: encoding an answer: " + err.Error())
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

func asError[T error](err error) (T, bool) {
	var target T
	found := errors.As(err, &target)
	return target, found
}
