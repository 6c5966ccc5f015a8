package portal

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"time"
)

// The page shows a person what the portal holds and which requests it had. It is
// made of the files below, without a script, and asks no other machine for
// anything. It looks into the store beside the API: what a person reads is neither
// counted nor limited.
//
//go:embed page
var pageFiles embed.FS

// page serves the paths that a person opens in a browser.
type page struct {
	portal  *Portal
	log     *requestLog
	views   map[string]*template.Template
	session session
}

func newPage(p *Portal, log *requestLog) *page {
	return &page{portal: p, log: log, views: parseViews(), session: newSession(p)}
}

// parseViews reads the templates: a view is the layout with one of the others in it.
func parseViews() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(template.FuncMap{
		"pieces": pieces, "visible": visible, "clip": clip, "capital": capital, "number": groupedNumber, "moment": moment, "machine": machineTime,
	}).ParseFS(pageFiles, "page/layout.html"))
	views := make(map[string]*template.Template)
	for _, name := range []string{"list", "record", "bin", "requests", "sign-in", "problem"} {
		views[name] = template.Must(template.Must(layout.Clone()).ParseFS(pageFiles, "page/"+name+".html"))
	}
	return views
}

// handler answers the page's own paths, which no path of the API begins with, and
// leaves every other request to the API.
func (g *page) handler(api http.Handler) http.Handler {
	own := http.NewServeMux()
	own.HandleFunc("GET /{$}", g.guarded(g.list))
	own.HandleFunc("GET /records/{type}", g.guarded(g.list))
	own.HandleFunc("GET /records/{type}/{id}", g.guarded(g.record))
	own.HandleFunc("GET /bin", g.guarded(g.bin))
	own.HandleFunc("POST /bin/restore", g.guarded(g.restore))
	own.HandleFunc("GET /requests", g.guarded(g.requests))
	own.HandleFunc("GET /sign-in", g.signIn)
	own.HandleFunc("POST /sign-in", g.checkToken)
	own.HandleFunc("POST /sign-out", g.guarded(g.signOut))
	own.HandleFunc("GET /page.css", file("text/css; charset=utf-8"))
	own.HandleFunc("GET /page.svg", file("image/svg+xml"))

	forms := http.NewCrossOriginProtection()
	forms.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.refuse(w, r, &pageProblem{http.StatusForbidden, "Refused", "The form was sent from another web site, so nothing was done."})
	}))
	pages := forms.Handler(own)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := own.Handler(r); pattern == "" {
			api.ServeHTTP(w, r)
			return
		}
		secure(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		pages.ServeHTTP(w, r)
	})
}

// maxForm is the largest form read, in bytes.
const maxForm = 16 << 10

// secure sets what a browser must know to keep the page to itself. The referrer is
// kept for the page's own forms: without it browsers send them with the Origin
// "null", which cannot be told from another site's.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}

func file(contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		content, err := pageFiles.ReadFile("page/" + path.Base(r.URL.Path))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(content) // #nosec G705 -- a file of this program; a browser that left is not the page's problem
	}
}

// frame is what stands around every view.
type frame struct {
	Title   string // of the window; what stands before it is shown escaped
	Section string // the entry of the navigation that is open
	Account string
	Limits  string
	Data    string // where the records are kept
	Base    string // the address to aim a client at
	Guarded bool   // a token is required, so one can sign out
	Inside  bool   // the reader may see the portal
	Body    any
}

// pageProblem is what the page says when it cannot do what was asked.
type pageProblem struct {
	Status int
	Title  string
	Detail string
}

func (p *pageProblem) Error() string { return p.Detail }

func noSuchPage() error {
	return &pageProblem{http.StatusNotFound, "Not found", "This portal has no such record. It may have been merged or deleted for good."}
}

// show writes a view.
func (g *page) show(w http.ResponseWriter, r *http.Request, status int, name string, f frame) {
	f.Account, f.Limits, f.Base = g.portal.AccountID(), g.portal.config.Limits.String(), "http://"+r.Host
	f.Data, f.Guarded, f.Inside = g.portal.config.Path, g.portal.config.Token != "", g.session.knows(r)
	var text bytes.Buffer
	if err := g.views[name].Execute(&text, f); err != nil {
		http.Error(w, fmt.Sprintf("The page %s could not be made: %v", name, err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}

// refuse shows what went wrong.
func (g *page) refuse(w http.ResponseWriter, r *http.Request, err error) {
	problem, ok := asError[*pageProblem](err)
	if !ok {
		problem = &pageProblem{http.StatusInternalServerError, "The portal failed", "It could not use its database: " + err.Error()}
	}
	g.show(w, r, problem.Status, "problem", frame{Title: problem.Title, Body: problem})
}

// guarded lets in who may see the portal, and shows what a view says went wrong.
func (g *page) guarded(view func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !g.session.knows(r) {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		if err := view(w, r); err != nil {
			g.refuse(w, r, err)
		}
	}
}

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05") }

func machineTime(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
