package hubspot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/hubspot"
)

// batch is a batch of full size, and HubSpot's answer to it.
func batch() ([]hubspot.CreateInput, string) {
	inputs := contactInputs(make([]string, hubspot.MaxBatch)...)
	results := make([]string, len(inputs))
	for i := range inputs {
		email := fmt.Sprintf("person.%d@example.com", i)
		inputs[i].Properties = map[string]string{
			"email": email, "firstname": "Ada", "lastname": "Lovelace", "phone": "+15550100",
			"jobtitle": "Chief Engineer", "city": "London", "lifecyclestage": "lead",
		}
		results[i] = fmt.Sprintf(`{"id":"%d","properties":{"city":"London","createdate":"2026-11-23T10:00:00.000Z","email":%q,"firstname":"Ada","hs_object_id":"%d","jobtitle":"Chief Engineer","lastmodifieddate":"2026-11-23T10:00:00.000Z","lastname":"Lovelace","lifecyclestage":"lead","phone":"+15550100"},"createdAt":"2026-11-23T10:00:00.000Z","updatedAt":"2026-11-23T10:00:00.000Z","archived":false,"objectWriteTraceId":"t%d"}`, 10000+i, email, 10000+i, i)
	}
	return inputs, envelope(strings.Join(results, ","), "")
}

func BenchmarkBatchCreate(b *testing.B) {
	inputs, answer := batch()
	client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: says(201, answer)})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.BatchCreate(b.Context(), "contacts", inputs); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlainClient is the same exchange with nothing but encoding/json.
func BenchmarkPlainClient(b *testing.B) {
	inputs, answer := batch()
	client := http.Client{Transport: says(201, answer)}
	b.ReportAllocs()
	for b.Loop() {
		body, err := json.Marshal(hubspot.BatchRequest[hubspot.CreateInput]{Inputs: inputs})
		if err != nil {
			b.Fatal(err)
		}
		response, err := client.Post("http://localhost/crm/v3/objects/contacts/batch/create", "application/json", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			b.Fatal(err)
		}
		_ = response.Body.Close()
		var into hubspot.BatchResponse[hubspot.Object]
		if err := json.Unmarshal(text, &into); err != nil {
			b.Fatal(err)
		}
	}
}
