package page_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a window of Chromium that remembers what it complained about.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // errors and warnings of the console, breaches of the policy among them
}

// patience is how long one step in the browser may take.
const patience = time.Minute

func open(t *testing.T) *browser {
	t.Helper()
	b := &browser{t: t, ctx: withBrowser(t)}
	chromedp.ListenTarget(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch event := event.(type) {
		case *log.EventEntryAdded:
			b.problems = append(b.problems, fmt.Sprintf("%s: %s %s", event.Entry.Level, event.Entry.Text, event.Entry.URL))
		case *runtime.EventConsoleAPICalled:
			b.problems = append(b.problems, fmt.Sprintf("console: %v", event.Args))
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, event.ExceptionDetails.Text)
		}
	})
	// The browser lives as long as the context of the first run.
	if err := chromedp.Run(b.ctx, log.Enable(), runtime.Enable()); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	return b
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatalf("driving the browser: %v", err)
	}
}

// visit opens an address and waits until it is shown.
func (b *browser) visit(address string) {
	b.t.Helper()
	b.run(chromedp.Navigate(address))
}

// click presses the mouse in the middle of an element, and waits for the view that
// this leads to.
func (b *browser) click(selector string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	b.run(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const element = document.querySelector(%q)
		element.scrollIntoView({block: "center"})
		const box = element.getClientRects()[0]
		return {X: box.x + box.width / 2, Y: box.y + box.height / 2}
	})()`, selector), &at))
	b.follow(chromedp.MouseClickXY(at.X, at.Y))
}

// enter types into a field, and waits for the view that the return key leads to.
func (b *browser) enter(selector, text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).focus()", selector), nil))
	b.follow(chromedp.KeyEvent(text + "\r"))
}

func (b *browser) follow(action chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	loaded := make(chan struct{}, 1)
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*page.EventLoadEventFired); ok {
			select {
			case loaded <- struct{}{}:
			default:
			}
		}
	})
	b.run(action)
	select {
	case <-loaded:
	case <-ctx.Done():
		b.t.Fatal("nothing was loaded after a click or the return key")
	}
}

// holds wants these texts on the page, as they are seen.
func (b *browser) holds(texts ...string) {
	b.t.Helper()
	seen := strings.Join(strings.Fields(b.text("document.querySelector('main').innerText")), " ")
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			b.t.Errorf("%q is not to be seen in: %s", text, seen)
		}
	}
}

func (b *browser) count(selector string) int64 {
	b.t.Helper()
	return b.number(fmt.Sprintf("document.querySelectorAll(%q).length", selector))
}

func (b *browser) number(expression string) (n int64) {
	b.t.Helper()
	b.run(chromedp.Evaluate(expression, &n))
	return n
}

func (b *browser) text(expression string) (text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(expression, &text))
	return text
}

// look sets the width of the window and the colour scheme its reader prefers.
func (b *browser) look(width int64, scheme string) {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(width, 844, chromedp.EmulateScale(1)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
}

func (b *browser) shoot(path string) {
	b.t.Helper()
	var picture []byte
	b.run(chromedp.CaptureScreenshot(&picture))
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// quiet wants that the browser complained about nothing.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, problem := range b.problems {
		b.t.Errorf("the browser complained: %s", problem)
	}
}

// loud wants one complaint with a text, and forgets it.
func (b *browser) loud(text string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.problems) != 1 || !strings.Contains(b.problems[0], text) {
		b.t.Errorf("the browser complained %q, not of %s alone", b.problems, text)
	}
	b.problems = nil
}
