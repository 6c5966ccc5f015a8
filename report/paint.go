package report

import "github.com/fatih/color"

// painter colours text, or leaves it plain.
type painter struct{ on bool }

func (p painter) paint(text string, attributes ...color.Attribute) string {
	if !p.on || text == "" {
		return text
	}
	c := color.New(attributes...)
	c.EnableColor()
	return c.Sprint(text)
}

func (p painter) red(text string) string    { return p.paint(text, color.FgRed) }
func (p painter) green(text string) string  { return p.paint(text, color.FgGreen) }
func (p painter) yellow(text string) string { return p.paint(text, color.FgYellow) }
func (p painter) cyan(text string) string   { return p.paint(text, color.FgCyan) }
func (p painter) bold(text string) string   { return p.paint(text, color.Bold) }
func (p painter) faint(text string) string  { return p.paint(text, color.Faint) }

func (p painter) alarm(text string) string { return p.paint(text, color.FgRed, color.Bold) }
