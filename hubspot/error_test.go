package hubspot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// Bodies that HubSpot documents or was seen to send.
const (
	invalidBody = `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"testproperty\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"testproperty\",\"localizedErrorMessage\":\"Property \\\"testproperty\\\" does not exist\",\"portalId\":891936587}]",
 "correlationId":"8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c",
 "errors":[{"message":"Property \"testproperty\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["testproperty"]}}],
 "category":"VALIDATION_ERROR"}`
	invalidInMessage = `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Email address ada@example is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"},{\"isValid\":false,\"message\":\"x was not one of the allowed options\",\"error\":\"INVALID_OPTION\",\"name\":\"stage\"}]","correlationId":"c2","category":"VALIDATION_ERROR"}`
	conflictBody     = `{"status":"error","message":"Contact already exists. Existing ID: 37765128953","correlationId":"2dea5219","category":"CONFLICT"}`
	scopesBody       = `{"status":"error","message":"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.","correlationId":"dc49c0a8",
 "errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.schemas.deals.read","crm.objects.deals.read"]}}],
 "links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}`
	tooManyBody = `{"status":"error","message":"The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again","correlationId":"3784ea30","category":"VALIDATION_ERROR"}`
	uniqueBody  = `{"status":"error","message":"Cannot set PropertyValueCoordinates{portalId=23699857, propertyName=hs_unique_id, value=SECRETVALUE} on 194235157366. 194235510142 already has that value.","category":"VALIDATION_ERROR"}`
	noCategory  = `{"status":"error","message":"resource not found","correlationId":"c4"}`
	oddBody     = `{"message":42,"category":"CONFLICT","context":{"id":7,"ids":["8",9]},"errors":"none","subCategory":{"a":1}}`
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		is     error
		text   string // of the error, whole
	}{
		"unknown property": {400, invalidBody, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 VALIDATION_ERROR: property testproperty PROPERTY_DOESNT_EXIST (correlation ID 8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c)"},
		"only in message":  {400, invalidInMessage, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 VALIDATION_ERROR: property email INVALID_EMAIL, property stage INVALID_OPTION (correlation ID c2)"},
		"conflict":         {409, conflictBody, hubspot.ErrConflict, "POST /crm/v3/objects/contacts: 409 CONFLICT: Contact already exists. Existing ID: 37765128953 (correlation ID 2dea5219)"},
		"batch too large":  {400, tooManyBody, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 VALIDATION_ERROR: The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again (correlation ID 3784ea30)"},
		"value taken":      {400, uniqueBody, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 VALIDATION_ERROR: Cannot set PropertyValueCoordinates{portalId=23699857, propertyName=hs_unique_id, value=[hidden]} on 194235157366. 194235510142 already has that value."},
		"no category":      {404, noCategory, hubspot.ErrNotFound, "POST /crm/v3/objects/contacts: 404 resource not found (correlation ID c4)"},
		"odd fields":       {409, oddBody, hubspot.ErrConflict, "POST /crm/v3/objects/contacts: 409 CONFLICT: 42"},
		"expired token":    {401, `{"status":"error","message":"The OAuth token used to make this call expired 7 second(s) ago.","category":"EXPIRED_AUTHENTICATION"}`, hubspot.ErrUnauthorized, "POST /crm/v3/objects/contacts: 401 EXPIRED_AUTHENTICATION: The OAuth token used to make this call expired 7 second(s) ago."},
		"no credentials":   {401, `{"status":"error","message":"Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview","correlationId":"c5","category":"INVALID_AUTHENTICATION"}`, hubspot.ErrUnauthorized, "POST /crm/v3/objects/contacts: 401 INVALID_AUTHENTICATION: Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview (correlation ID c5)"},
		"no number":        {404, `{"status":"error","message":"Object not found.  objectId are usually numeric.","correlationId":"c6","context":{"id":["ada"]},"category":"OBJECT_NOT_FOUND"}`, hubspot.ErrNotFound, "POST /crm/v3/objects/contacts: 404 OBJECT_NOT_FOUND: Object not found. objectId are usually numeric. (correlation ID c6)"},
		"broken JSON":      {400, `{"status":"error","message":"Invalid input JSON on line 1, column 11: Cannot deserialize value of type","correlationId":"c7"}`, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 Invalid input JSON on line 1, column 11: Cannot deserialize value of type (correlation ID c7)"},
		"not unique":       {400, `{"status":"error","message":"Unable to perform update/upsert by non-unique 0-1 property email in portal ID 891936587","category":"VALIDATION_ERROR"}`, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 VALIDATION_ERROR: Unable to perform update/upsert by non-unique 0-1 property email in portal ID 891936587"},
		"property exists":  {409, `{"status":"error","message":"A property named 'x' already exists.","category":"OBJECT_ALREADY_EXISTS","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS"}`, hubspot.ErrConflict, "POST /crm/v3/objects/contacts: 409 OBJECT_ALREADY_EXISTS: A property named 'x' already exists."},
		"too many merges":  {414, `{"status":"error","message":"Cannot have more than 250 identities on a profile"}`, new(hubspot.Error), "POST /crm/v3/objects/contacts: 414 Cannot have more than 250 identities on a profile"},
		"older options":    {400, `{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"x was not one of the allowed options: [label: \\\"A\\\"\\nvalue: \\\"a\\\"\\ndisplay_order: -1\\nhidden: false\\nread_only: false\\n]\",\"error\":\"INVALID_OPTION\",\"name\":\"tier\"}]","validationResults":[{"isValid":false,"error":"INVALID_OPTION","name":"tier"}]}`, hubspot.ErrValidation, "POST /crm/v3/objects/contacts: 400 property tier INVALID_OPTION"},
		"no body":          {415, ``, new(hubspot.Error), "POST /crm/v3/objects/contacts: 415 Unsupported Media Type"},
		"missing scopes":   {403, scopesBody, hubspot.ErrMissingScopes, "POST /crm/v3/objects/contacts: 403 MISSING_SCOPES: it needs one of the scopes crm.schemas.deals.read, crm.objects.deals.read (correlation ID dc49c0a8)"},
		"migrating":        {477, ``, new(hubspot.Error), "POST /crm/v3/objects/contacts: 477 the portal is being moved to another data centre"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := write(t.Context(), local(t, says(test.status, test.body)))
			if !matches(err, test.is) {
				t.Errorf("error %v is not %v", err, test.is)
			}
			var refusal *hubspot.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("no *Error in %v", err)
			}
			if diff := cmp.Diff(test.text, refusal.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusalParts(t *testing.T) {
	t.Parallel()
	refused := func(status int, body string) *hubspot.Error {
		var refusal *hubspot.Error
		if err := write(t.Context(), local(t, says(status, body))); !errors.As(err, &refusal) {
			t.Fatalf("no *Error in %v", err)
		}
		return refusal
	}
	if id, ok := refused(409, conflictBody).ExistingID(); id != "37765128953" || !ok {
		t.Errorf("existing id %q %v", id, ok)
	}
	if id, ok := refused(404, noCategory).ExistingID(); ok {
		t.Errorf("existing id %q of a refusal without one", id)
	}
	want := []hubspot.PropertyError{
		{Name: "email", Code: "INVALID_EMAIL", Message: "Email address ada@example is invalid"},
		{Name: "stage", Code: "INVALID_OPTION", Message: "x was not one of the allowed options"},
	}
	if diff := cmp.Diff(want, refused(400, invalidInMessage).PropertyErrors()); diff != "" {
		t.Errorf("property errors (-want +got):\n%s", diff)
	}
	scopes := refused(403, scopesBody)
	if !errors.Is(scopes, hubspot.ErrMissingScopes) {
		t.Errorf("%v is not ErrMissingScopes", scopes)
	}
	if diff := cmp.Diff([]string{"crm.schemas.deals.read", "crm.objects.deals.read"}, scopes.MissingScopes()); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]string{"id": {"7"}, "ids": {"8", "9"}}, refused(409, oddBody).Context); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
}

func TestForeignAnswerIsShownSafely(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 404, 407} {
		err := read(t.Context(), local(t, html(status)))
		if !errors.Is(err, hubspot.ErrNotHubSpot) || errors.Is(err, hubspot.ErrNotFound) {
			t.Errorf("%d: error %v, want ErrNotHubSpot alone", status, err)
		}
		text := err.Error()
		for _, part := range []string{"\x1b", "ada@example.com"} {
			if contains(text, part) {
				t.Errorf("%d: %q shows %q", status, text, part)
			}
		}
		for _, part := range []string{fmt.Sprint(status), "Log in to the network", "is a proxy in between?"} {
			if !contains(text, part) {
				t.Errorf("%d: %q does not show %q", status, text, part)
			}
		}
	}
}

const canary = "pat-na1-00000000-1111-2222-3333-canary/+="

func TestTokenIsNeverShown(t *testing.T) {
	t.Parallel()
	token := hubspot.NewSecret(" " + canary + "\n")
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&shown, verb+"\n", token)
		fmt.Fprintf(&shown, verb+"\n", &token)
		fmt.Fprintf(&shown, verb+"\n", hubspot.Options{Token: token})
	}
	encoded, err := json.Marshal(map[string]any{"a": token, "b": &token, "c": map[string]hubspot.Secret{"d": token}})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	for _, handler := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		slog.New(handler).Info("x", "token", token, "pointer", &token, "options", hubspot.Options{Token: token})
	}
	for _, answer := range []carrier{
		says(400, `{"message":"bad token `+canary+`","errors":[{"message":"`+canary+`","code":"X","context":{"propertyName":["p"]}}]}`),
		says(400, `{"message":"no","category":"`+canary+`","correlationId":"`+canary+`","policyName":"`+canary+`","errors":[{"message":"no","code":"`+canary+`","in":"`+canary+`","context":{"propertyName":["`+canary+`"]}}]}`),
		says(403, `{"message":"no","category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["`+canary+`"]}}]}`),
		says(401, "<p>"+canary, "Content-Type", "text/html"),
		says(200, "<p>"+canary, "Content-Type", "text/html"),
		says(200, "no JSON but Bearer "+canary),
		fails(fmt.Errorf("writing Authorization: Bearer %s: %w", canary, io.ErrUnexpectedEOF)),
	} {
		client := newClient(t, hubspot.Options{BaseURL: "http://localhost", Token: token, Transport: answer})
		err := write(t.Context(), client)
		var refusal *hubspot.Error
		errors.As(err, &refusal)
		fmt.Fprintf(&shown, "%v %#v %+v %#v %#v\n", err, err, client, *client, refusal)
		if refusal != nil {
			fmt.Fprintf(&shown, "%+v\n", *refusal)
		}
	}
	if contains(shown.String(), "canary") || contains(shown.String(), fmt.Sprintf("%x", "canary")) {
		t.Errorf("the token is shown in:\n%s", shown.String())
	}
}

// The word that somebody chose as the token of a portal of their own may be part of
// any word of a message.
func TestShortTokenIsTakenOutAsAWordAlone(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"localizedErrorMessage is not local":         "localizedErrorMessage is not [redacted]",
		"Bearer local":                               "Bearer [redacted]",
		"the token 'local' of glocal, local, élocal": "the token '[redacted]' of glocal, [redacted], élocal",
		"local":               "[redacted]",
		"in base64: bG9jYWw=": "in base64: [redacted]",
	} {
		client := newClient(t, hubspot.Options{
			BaseURL: "http://localhost", Token: hubspot.NewSecret("local"),
			Transport: says(400, fmt.Sprintf(`{"message":%q}`, message)),
		})
		var refusal *hubspot.Error
		if err := write(t.Context(), client); !errors.As(err, &refusal) || refusal.Message != want {
			t.Errorf("%q became %v, want %q", message, err, want)
		}
	}
}
