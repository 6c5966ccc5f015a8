package crm

import "strings"

// freemail are domains of providers of personal mailboxes; HubSpot, too, makes no
// company of an address there.
var freemail = map[string]bool{
	"126.com": true, "163.com": true, "aim.com": true, "alice.it": true, "aol.com": true, "arcor.de": true, "att.net": true,
	"bellsouth.net": true, "bigpond.com": true, "bk.ru": true, "bluewin.ch": true, "btinternet.com": true, "comcast.net": true,
	"cox.net": true, "daum.net": true, "duck.com": true, "earthlink.net": true, "fastmail.com": true, "fastmail.fm": true,
	"free.fr": true, "freenet.de": true, "gmail.com": true, "gmx.at": true, "gmx.ch": true, "gmx.com": true, "gmx.de": true,
	"gmx.net": true, "googlemail.com": true, "hanmail.net": true, "hey.com": true, "hotmail.be": true, "hotmail.co.uk": true,
	"hotmail.com": true, "hotmail.de": true, "hotmail.es": true, "hotmail.fr": true, "hotmail.it": true, "hushmail.com": true,
	"icloud.com": true, "inbox.com": true, "inbox.ru": true, "interia.pl": true, "juno.com": true, "laposte.net": true,
	"libero.it": true, "list.ru": true, "live.co.uk": true, "live.com": true, "live.de": true, "live.fr": true, "live.nl": true,
	"mac.com": true, "mail.com": true, "mail.ru": true, "mailbox.org": true, "me.com": true, "msn.com": true, "naver.com": true,
	"o2.pl": true, "onet.pl": true, "optonline.net": true, "orange.fr": true, "outlook.com": true, "outlook.de": true,
	"outlook.es": true, "outlook.fr": true, "outlook.it": true, "pm.me": true, "posteo.de": true, "proton.me": true,
	"protonmail.ch": true, "protonmail.com": true, "qq.com": true, "rambler.ru": true, "rediffmail.com": true,
	"rocketmail.com": true, "sbcglobal.net": true, "seznam.cz": true, "sfr.fr": true, "shaw.ca": true, "sina.com": true,
	"skynet.be": true, "sohu.com": true, "t-online.de": true, "talktalk.net": true, "telenet.be": true, "terra.com.br": true,
	"tiscali.it": true, "tuta.com": true, "tutanota.com": true, "uol.com.br": true, "verizon.net": true, "virgilio.it": true,
	"virginmedia.com": true, "wanadoo.fr": true, "web.de": true, "wp.pl": true, "ya.ru": true, "yahoo.ca": true,
	"yahoo.co.in": true, "yahoo.co.jp": true, "yahoo.co.uk": true, "yahoo.com": true, "yahoo.com.au": true,
	"yahoo.com.br": true, "yahoo.de": true, "yahoo.es": true, "yahoo.fr": true, "yahoo.it": true, "yandex.com": true,
	"yandex.ru": true, "yeah.net": true, "ymail.com": true, "zoho.com": true,
}

// Freemail reports whether a domain belongs to a provider of personal mailboxes,
// where an address says nothing about its owner's company.
func Freemail(domain string) bool { return freemail[strings.ToLower(domain)] }
