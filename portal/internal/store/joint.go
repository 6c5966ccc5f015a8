package store

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// How updates share a transaction
//
// What a commit costs is the wait for the disk, whatever it holds. So an update
// that has done its work does not commit: it puts the connection back with the
// transaction open, and then waits for it like everybody else. Those who waited
// before come first. Each adds its own work, in a savepoint that is undone if the
// work fails, and hands the connection on in the same way. When it has come back to
// one whose work is in the transaction, all who waited are in it, and that one
// commits for all of them. An update that nobody waits behind gets the connection
// back at once and commits alone.
//
// Nobody leaves before the end of the transaction it saw, not even with an error:
// an address that is refused as taken must not have been taken by something that is
// then lost.

// joint is a transaction that updates share.
type joint struct {
	done chan struct{} // closed at its end
	err  error         // why nothing of it is on disk; only read after its end
}

// Update runs work in a transaction that can write. What it wrote is on disk when
// Update returns nil, and gone when work or the commit fails. ctx bounds the wait
// for other writers; once work runs, it is not cut off. The transaction may hold
// the work of other updates that wait at the same time: work sees theirs if it
// comes after them, and is gone without them if they fail.
func (s *Store) Update(ctx context.Context, work func(context.Context, *Tx) error) error {
	c, err := take(ctx, s.writer)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	j, failed := s.join(ctx, c, work)
	if j == nil {
		return failed
	}
	select {
	case <-j.done:
	case c := <-s.writer:
		if c.joint == j {
			c.commit(ctx)
			s.trim(ctx, c)
		}
		s.writer <- c
		<-j.done
	}
	if j.err != nil {
		return j.err
	}
	return failed
}

// join does work in the connection's open transaction, or in a new one, and puts
// the connection back. The result is nil when there is no transaction to wait for.
func (s *Store) join(ctx context.Context, c *conn, work func(context.Context, *Tx) error) (j *joint, err error) {
	defer func() { s.writer <- c }()
	first := c.joint == nil
	if first {
		if _, err := c.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
			return nil, fmt.Errorf("beginning a transaction: %w", err)
		}
		c.joint = &joint{done: make(chan struct{})}
	} else if _, err := c.exec(ctx, "SAVEPOINT one"); err != nil {
		return c.joint, fmt.Errorf("beginning a savepoint: %w", err)
	}
	j = c.joint
	complete := false
	defer func() { // when work panics, too
		switch {
		case !complete && first:
			c.rollback(ctx, nil)
			j = nil
		case !complete:
			if undone := c.undo(ctx); undone != nil {
				c.rollback(ctx, errors.Join(err, undone))
			}
		case s.readers == s.writer: // in memory there is no disk to wait for
			c.commit(ctx)
		}
	}()
	tx := &Tx{conn: c, salt: s.salt}
	if err := work(ctx, tx); err != nil {
		return j, err
	}
	if err := tx.saveLastID(ctx); err != nil {
		return j, err
	}
	if !first {
		if _, err := c.exec(ctx, "RELEASE one"); err != nil {
			return j, fmt.Errorf("ending a savepoint: %w", err)
		}
	}
	complete = true
	return j, nil
}

// undo takes back the work of the present savepoint. It fails when a full or broken
// disk made SQLite give up the whole transaction.
func (c *conn) undo(ctx context.Context) error {
	if _, err := c.exec(ctx, "ROLLBACK TO one"); err != nil {
		return err
	}
	_, err := c.exec(ctx, "RELEASE one")
	return err
}

// commit ends the open transaction well, if it can.
func (c *conn) commit(ctx context.Context) {
	if _, err := c.exec(ctx, "COMMIT"); err != nil {
		c.rollback(ctx, fmt.Errorf("committing a transaction: %w", err))
		return
	}
	c.end(nil)
}

// trim empties the write-ahead log when it has grown beyond its limit. SQLite copies
// the log into the file every thousand pages, but starts it anew only at a moment
// when nobody reads, which never comes while readers follow one another. So from the
// limit on, writers wait until those who read now are done. A read that outlasts the
// busy timeout is not waited for again before the log has grown by as much once more.
func (s *Store) trim(ctx context.Context, c *conn) {
	size := func() int64 {
		info, err := os.Stat(s.path + "-wal")
		if err != nil {
			return 0
		}
		return info.Size()
	}
	if size() <= c.trimAt {
		return
	}
	_, _ = c.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // what is not emptied goes on growing
	c.trimAt = size() + logLimit
}

// rollback ends the open transaction with nothing of it left. SQLite may have done
// so itself, and then has nothing to roll back.
func (c *conn) rollback(ctx context.Context, why error) {
	_, _ = c.exec(ctx, "ROLLBACK")
	c.end(why)
}

// end tells all whose work was in the transaction how it ended.
func (c *conn) end(why error) {
	c.joint.err = why
	close(c.joint.done)
	c.joint = nil
}
