// Package store keeps a local portal in one SQLite file that any SQLite tool can
// read: records as JSON, live addresses and unique values under unique keys,
// associations in both directions, former values.
//
// Promises: Update is atomic and on disk (WAL, synchronous=FULL) before it
// returns; one writer at a time, readers beside it; opening reads a few rows
// whatever the size of the file; an Update that was cut off, by a crash too,
// leaves nothing behind.
//
// The store knows no rule of HubSpot's but uniqueness. What may be written is
// decided above it.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	_ "modernc.org/sqlite" // the driver
)

// schemas holds a file for each version of the schema, by its number: what it adds
// to the version before.
//
//go:embed schema/*.sql
var schemas embed.FS

// version is the schema's, kept in the file. A file of an earlier version gets what
// it lacks when it is opened.
const version = 2

// readers is how many reads may run beside the writer.
const readers = 4

// Pages that each connection keeps, in KiB; they take twice that of memory. What it
// does not keep lies in the system's cache. The writer's are for transactions that
// change many pages, which it would else write more than once.
const (
	writerCache = 16 << 10
	readerCache = 4 << 10
)

// firstID is below every id a new portal gives: HubSpot's have ten digits and
// more by now, and code that expects small ones should fail here, not there.
const firstID = 10_000_000_000

// ErrNewer means that a later release wrote the file.
var ErrNewer = errors.New("the portal file was written by a newer release")

// logLimit is the size in bytes that the write-ahead log is kept to.
const logLimit = 64 << 20

// Store is an open portal file. It is safe for concurrent use.
type Store struct {
	path    string // "" in memory
	account string
	salt    uint64
	db      *sql.DB
	writer  chan *conn // holds the one connection that writes while nobody has it
	readers chan *conn // the writer's own channel for a store in memory
	all     []*conn
}

// Open opens the file at path, creating it (0600, in a directory of 0700) when it
// is missing. An empty path is a store in memory. account becomes the account id
// of a new file; a file that exists keeps its own.
func Open(ctx context.Context, path, account string) (*Store, error) {
	source := ":memory:?_txlock=immediate"
	if path != "" {
		if err := createFile(path); err != nil {
			return nil, fmt.Errorf("creating the portal file: %w", err)
		}
		source = fileSource(path)
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("opening the portal file: %w", err)
	}
	s := &Store{path: path, db: db, writer: make(chan *conn, 1)}
	if err := s.start(ctx, path == "", account); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the portal file: %w", err), s.disconnect())
	}
	return s, nil
}

// createFile makes the file, whatever the umask, and says no to a symbolic link: what it
// leads to may be meant for other eyes than 0600 says.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: name the file itself, not a link to it", path)
	}
	file, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if info == nil {
		err = file.Chmod(0o600)
	}
	return errors.Join(err, file.Close())
}

func fileSource(path string) string {
	options := url.Values{"_pragma": {
		"busy_timeout(10000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		fmt.Sprintf("journal_size_limit(%d)", logLimit),
		"temp_store(MEMORY)",
	}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + options.Encode()
}

func (s *Store) start(ctx context.Context, memory bool, account string) error {
	writer, err := s.connect(ctx, writerCache)
	if err != nil {
		return err
	}
	s.writer <- writer
	s.readers = s.writer
	if !memory {
		s.readers = make(chan *conn, readers)
		for range readers {
			reader, err := s.connect(ctx, readerCache)
			if err != nil {
				return err
			}
			s.readers <- reader
		}
	}
	return s.Update(ctx, func(ctx context.Context, tx *Tx) error { return s.prepare(ctx, tx, account) })
}

func (s *Store) connect(ctx context.Context, cache int) (*conn, error) {
	raw, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{raw: raw, statements: make(map[string]*sql.Stmt), trimAt: logLimit}
	s.all = append(s.all, c)
	_, err = raw.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", cache))
	return c, err
}

// prepare brings the file to the present version, from nothing when it is new, and
// reads what identifies the portal.
func (s *Store) prepare(ctx context.Context, tx *Tx, account string) error {
	found, err := tx.version(ctx)
	if err != nil {
		return err
	}
	if found > version {
		return fmt.Errorf("%w: schema version %d, this release knows %d", ErrNewer, found, version)
	}
	for next := found + 1; next <= version; next++ {
		if err := tx.upgrade(ctx, next); err != nil {
			return fmt.Errorf("bringing the file to version %d: %w", next, err)
		}
	}
	if found == 0 {
		if err := tx.identify(ctx, account); err != nil {
			return err
		}
	}
	s.account, err = tx.Meta(ctx, "account_id")
	s.salt = mix([]byte(s.account))
	return err
}

// version is the schema version of the file, 0 for one without tables.
func (tx *Tx) version(ctx context.Context) (int, error) {
	var tables int
	if err := tx.conn.raw.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'meta'`).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	text, err := tx.Meta(ctx, "schema_version")
	if err != nil {
		return 0, err
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%w: schema version %q", ErrNewer, text)
	}
	return number, nil
}

func (tx *Tx) upgrade(ctx context.Context, to int) error {
	addition, err := schemas.ReadFile("schema/" + strconv.Itoa(to) + ".sql")
	if err != nil {
		return err
	}
	if _, err := tx.conn.raw.ExecContext(ctx, string(addition)); err != nil {
		return err
	}
	return tx.SetMeta(ctx, "schema_version", strconv.Itoa(to))
}

// identify gives a new file its account id, and its first record id.
func (tx *Tx) identify(ctx context.Context, account string) error {
	if err := tx.SetMeta(ctx, "account_id", account); err != nil {
		return err
	}
	start := firstID + int64(mix([]byte(account))%1_000_000_000) // #nosec G115 -- below 2^30
	return tx.SetMeta(ctx, "last_id", strconv.FormatInt(start, 10))
}

// Account is the portal's account id.
func (s *Store) Account() string { return s.account }

// Close waits for running transactions and closes the file.
func (s *Store) Close() error {
	for {
		c := <-s.writer
		if c.joint == nil {
			break
		}
		done := c.joint.done
		s.writer <- c // somebody waits for it, to commit
		<-done
	}
	if s.readers != s.writer {
		for range cap(s.readers) {
			<-s.readers
		}
	}
	return s.disconnect()
}

func (s *Store) disconnect() error {
	var failures []error
	for _, c := range s.all {
		failures = append(failures, c.close())
	}
	return errors.Join(append(failures, s.db.Close())...)
}

// Size is the size of the portal in bytes: the pages of its file, whether they
// have left the write-ahead log or not.
func (tx *Tx) Size(ctx context.Context) (int64, error) {
	var size int64
	err := tx.conn.raw.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&size)
	return size, err
}
