// What Go's crypto/x509 says to chains, as crypto/tls asks it (worker.cpp has the form of questions and answers).
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

type block struct{ left []byte }

func (b *block) take(n uint32) []byte {
	part := b.left[:n]
	b.left = b.left[n:]
	return part
}

func (b *block) number() uint32 { return binary.BigEndian.Uint32(b.take(4)) }
func (b *block) bytes() []byte  { return b.take(b.number()) }

func (b *block) list() [][]byte {
	list := make([][]byte, b.number())
	for i := range list {
		list[i] = b.bytes()
	}
	return list
}

func judge(b *block) (err error) {
	// A key of a kind that it does not know ends Go itself.
	defer func() {
		if told := recover(); told != nil {
			err = fmt.Errorf("panic: %v", told)
		}
	}()
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool()}
	options.CurrentTime = time.Unix(int64(binary.BigEndian.Uint64(b.take(8))), 0)
	options.DNSName = string(b.bytes())
	chain := b.list()
	for _, der := range b.list() {
		if anchor, err := x509.ParseCertificate(der); err == nil {
			options.Roots.AddCert(anchor)
		}
	}
	certificates := make([]*x509.Certificate, len(chain))
	for i, der := range chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		certificates[i] = certificate
		if i > 0 {
			options.Intermediates.AddCert(certificate)
		}
	}
	if len(certificates) == 0 {
		return fmt.Errorf("no certificates")
	}
	_, err = certificates[0].Verify(options)
	return err
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	for {
		var size uint32
		if binary.Read(in, binary.BigEndian, &size) != nil {
			return
		}
		left := make([]byte, size)
		if _, err := io.ReadFull(in, left); err != nil {
			return
		}
		if err := judge(&block{left}); err != nil {
			fmt.Fprintf(out, "refuse %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Fprintln(out, "accept")
		}
		out.Flush()
	}
}
