/* test_http_parser.c - requests, good and bad, split everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http_run.h"

#define HOST	"Host: kalender.dk\r\n"
#define END	HOST "\r\n"
/* Ten and fifty bytes, to be counted at a glance. */
#define X10	"xxxxxxxxxx"
#define X50	X10 X10 X10 X10 X10

struct request {
	const char	*bytes;
	size_t		 length;
	const char	*told;		/* lines of http_run() */
};

#define REQUEST(bytes, told)	{ bytes, sizeof(bytes) - 1, told }

static const struct request good[] = {
	REQUEST("GET / HTTP/1.1\r\n" END,
	    "GET / ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("HEAD /f/alle.ics?a=b&c=%20 HTTP/1.1\r\n" END,
	    "HEAD /f/alle.ics ?a=b&c=%20 host kalender.dk keep fields 1 body []\n"),
	REQUEST("get /?{|}^ HTTP/1.1\r\n" END,
	    "get / ?{|}^ host kalender.dk keep fields 1 body []\n"),
	REQUEST("\r\nGET / HTTP/1.1\r\n" END,
	    "GET / ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET / HTTP/1.7\r\n" END,
	    "GET / ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET / HTTP/1.0\r\n\r\n",
	    "GET / ? host  close fields 0 body []\n"),
	REQUEST("GET / HTTP/1.0\r\nConnection: keep-alive\r\n"
	    "Expect: 100-continue\r\n" END,
	    "GET / ? host kalender.dk close fields 3 body []\n"),
	REQUEST("GET / HTTP/1.1\r\nConnection: TE , Close\r\n" END,
	    "GET / ? host kalender.dk close fields 2 body []\n"),
	REQUEST("GET / HTTP/1.1\r\nConnection: closed\r\n" END,
	    "GET / ? host kalender.dk keep fields 2 body []\n"),
	REQUEST("GET /hold/K%C3%98B-%e2%82%ac HTTP/1.1\r\n" END,
	    "GET /hold/K\xc3\x98" "B-\xe2\x82\xac ? host kalender.dk keep fields 1 "
	    "body []\n"),
	REQUEST("GET /.../.a/a..//%2e%2ea HTTP/1.1\r\n" END,
	    "GET /.../.a/a..//..a ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET / HTTP/1.1\r\nhOST:  \tLOCALHOST.:8443 \t\r\n\r\n",
	    "GET / ? host LOCALHOST.:8443 keep fields 1 body []\n"),
	REQUEST("GET https://Kalender.dk:8443/a?b HTTP/1.1\r\n"
	    "Host: kalender.dk:8443\r\n\r\n",
	    "GET /a ?b host Kalender.dk:8443 keep fields 1 body []\n"),
	REQUEST("GET HTTP://kalender.dk HTTP/1.1\r\n" END,
	    "GET / ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET https://kalender.dk?q HTTP/1.1\r\n" END,
	    "GET / ?q host kalender.dk keep fields 1 body []\n"),
	REQUEST("OPTIONS * HTTP/1.1\r\n" END,
	    "OPTIONS * ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST "X-Note: one\r\n\r\n",
	    "GET / ? host kalender.dk keep fields 2 note [one] body []\n"),
	REQUEST("GET / HTTP/1.1\r\nx-note:\r\n" END,
	    "GET / ? host kalender.dk keep fields 2 note [] body []\n"),
	REQUEST("GET / HTTP/1.1\r\nx-note:\t a \xe6 b\t \r\nX: y\r\nX-NOTE:\r\n"
	    HOST "X-Note:c\r\n\r\n",
	    "GET / ? host kalender.dk keep fields 5 note [a \xe6 b, , c] "
	    "body []\n"),
	REQUEST("POST / HTTP/1.1\r\nContent-Length: 5\r\n"
	    "Expect: 100-Continue\r\n" END "abc\r\n",
	    "POST / ? host kalender.dk keep fields 3 expect body [abc\r\n]\n"),
	REQUEST("POST / HTTP/1.1\r\nContent-Length: 000\r\n" END,
	    "POST / ? host kalender.dk keep fields 2 body []\n"),
	REQUEST("POST / HTTP/1.1\r\ncontent-length: 64\r\n" END X50 "12345678901234",
	    "POST / ? host kalender.dk keep fields 2 body [" X50
	    "12345678901234]\n"),
	REQUEST("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n" END
	    "5\r\nabcde\r\n00A;x=\"y;z\";q\r\n0123456789\r\n0\r\n\r\n",
	    "POST / ? host kalender.dk keep fields 2 body [abcde0123456789]\n"),
	REQUEST("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END
	    "0;last\r\nHost: other\r\nContent-Length: 3\r\n\r\n",
	    "POST / ? host kalender.dk keep fields 2 body []\n"),
	/* Several on one connection: bodies end where they should. */
	REQUEST("GET /1 HTTP/1.1\r\n" END
	    "POST /2 HTTP/1.1\r\nContent-Length: 3\r\n" END "abc"
	    "POST /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END
	    "1\r\nx\r\n2\r\nyz\r\n0\r\nT: t\r\n\r\n"
	    "\r\nGET /4 HTTP/1.1\r\n" END "GE",
	    "GET /1 ? host kalender.dk keep fields 1 body []\n"
	    "POST /2 ? host kalender.dk keep fields 2 body [abc]\n"
	    "POST /3 ? host kalender.dk keep fields 2 body [xyz]\n"
	    "GET /4 ? host kalender.dk keep fields 1 body []\nmore\n"),
	/* The limits of http_run.h, reached and not passed. */
	REQUEST("GET /" X50 X50 "123456" " HTTP/1.1\r\n" END,
	    "GET /" X50 X50 "123456 ? host kalender.dk keep fields 1 body []\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a:" X50 X50 X50 X50 X50 "12345678901\r\n"
	    "b:" X10 "12\r\n\r\n",
	    "GET / ? host kalender.dk keep fields 3 body []\n"),
	REQUEST("GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\n"
	    END, "GET / ? host kalender.dk keep fields 9 body []\n"),
};

#define POST		"POST / HTTP/1.1\r\n" HOST
#define CHUNKED		POST "Transfer-Encoding: chunked\r\n\r\n"

#define NO_METHOD_BYTE	"400 The method holds a byte that may not be there.\n"
#define NO_TARGET_BYTE	"400 The target holds a byte that may not be there.\n"
#define NO_TARGET	"400 The target is no usable address.\n"
#define NO_VERSION	"400 The version is not HTTP/1.1.\n"
#define NO_VERSION_BYTE	"400 The version holds a byte that may not be there.\n"
#define NO_NAME_BYTE	"400 A field's name holds a byte that may not be there.\n"
#define NO_VALUE_BYTE	"400 A field's value holds a byte that may not be there.\n"
#define NO_CR_LF	"400 A line does not end in CR LF.\n"
#define NO_NUMBER	"400 Content-Length is not a plain number.\n"
#define NO_CHUNKED	"400 Transfer-Encoding is not exactly chunked.\n"
#define NO_SIZE		"400 A chunk has no plain size.\n"
#define NO_HOST		"400 Host is no host name.\n"
#define OTHER_HOST	"400 The target is on another host.\n"
#define OVER_LINE	"414 The request line is too long.\n"
#define OVER_FIELDS	"431 The fields are too long.\n"
#define OVER_BODY	"413 The body is too large.\n"
#define OVER_FRAMING	"400 Chunk extensions or trailers are too long.\n"

static const struct request bad_lines[] = {
	REQUEST("\r\n\r\nGET / HTTP/1.1\r\n", "400 The request line is broken off.\n"),
	REQUEST("\nGET / HTTP/1.1\r\n", NO_METHOD_BYTE),
	REQUEST("\rGET / HTTP/1.1\r\n", NO_CR_LF),
	REQUEST(" GET / HTTP/1.1\r\n", "400 There is no method.\n"),
	REQUEST("GET\r\n", "400 The request line is broken off.\n"),
	REQUEST("GET\t/ HTTP/1.1\r\n", NO_METHOD_BYTE),
	REQUEST("G\0T / HTTP/1.1\r\n", NO_METHOD_BYTE),
	REQUEST("\x16\x03\x01\x02", NO_METHOD_BYTE),
	REQUEST("GET  / HTTP/1.1\r\n", "400 There is no target.\n"),
	REQUEST("GET /\r\n", NO_TARGET_BYTE),
	REQUEST("GET /\n", NO_TARGET_BYTE),
	REQUEST("GET /\t HTTP/1.1\r\n", NO_TARGET_BYTE),
	REQUEST("GET /\0 HTTP/1.1\r\n", NO_TARGET_BYTE),
	REQUEST("GET /\x7f HTTP/1.1\r\n", NO_TARGET_BYTE),
	REQUEST("GET /\xc3\xa6 HTTP/1.1\r\n", NO_TARGET_BYTE),
	REQUEST("GET /  HTTP/1.1\r\n", NO_VERSION_BYTE),
	REQUEST("GET / HTTP/1.1 \r\n", NO_VERSION_BYTE),
	REQUEST("GET / HTTP/1.1\n", NO_VERSION_BYTE),
	REQUEST("GET / HTTP/1.1\rX", NO_CR_LF),
	REQUEST("GET / \r\n", NO_VERSION),
	REQUEST("GET / http/1.1\r\n", NO_VERSION),
	REQUEST("GET / HTTP/1.11\r\n", NO_VERSION),
	REQUEST("GET / HTTP/1,1\r\n", NO_VERSION),
	REQUEST("GET / HTTP/0.9\r\n", NO_VERSION),
	REQUEST("GET / HTTP/1.x\r\n", NO_VERSION),
	REQUEST("GET / HTTP/2.0\r\n", "505 Only HTTP/1.1 is spoken here.\n"),
	REQUEST("GET / HTTP/3.0\r\n", "505 Only HTTP/1.1 is spoken here.\n"),
	REQUEST("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	    "400 HTTP/2 is not spoken here.\n"),
	REQUEST("GET /" X50 X50 "1234567 HTTP/1.1\r\n", OVER_LINE),
	REQUEST(X50 X50 X10 X10 "123", OVER_LINE),
	REQUEST("CONNECT kalender.dk:443 HTTP/1.1\r\n" END,
	    "405 This method is not allowed.\n"),
	REQUEST("TRACE / HTTP/1.1\r\n" END, "405 This method is not allowed.\n"),
};

static const struct request bad_targets[] = {
	REQUEST("GET * HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET f/alle.ics HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET kalender.dk:443 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET ftp://kalender.dk/ HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET https:///a HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET https://a@kalender.dk/ HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET https://other.dk/ HTTP/1.1\r\n" END, OTHER_HOST),
	REQUEST("GET https://kalender.dk:1/ HTTP/1.1\r\n" END, OTHER_HOST),
	REQUEST("GET https://other.dk/ HTTP/1.1\r\nHost: other.dk\r\n\r\n",
	    OTHER_HOST),
	REQUEST("GET https://other.dk/ HTTP/1.0\r\n\r\n", OTHER_HOST),
	REQUEST("GET /.. HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a/../b HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a/./b HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a/%2e%2E/b HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a/.%2e HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a%2f.. HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a%2fb HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a%5Cb HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a\\b HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /% HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%a HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%g0 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%0g HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%00 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%0d%0a HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%7f HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%ff HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%c3 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%c3a HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%c0%ae HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%ed%a0%80 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /%f4%90%80%80 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /?% HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /?a=%zz HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /?a=%00 HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /?a=<b> HTTP/1.1\r\n" END, NO_TARGET),
	REQUEST("GET /a#b HTTP/1.1\r\n" END, NO_TARGET),
};

static const struct request bad_fields[] = {
	REQUEST("GET / HTTP/1.1\r\n\r\n", "400 Host is missing.\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST END, "400 More than one Host.\n"),
	REQUEST("GET / HTTP/1.0\r\n" HOST END, "400 More than one Host.\n"),
	REQUEST("GET / HTTP/1.1\r\nHost: other.dk\r\n\r\n",
	    "421 This host is not served here.\n"),
	REQUEST("GET / HTTP/1.1\r\nHost:\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: kalender.dk/\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: me@kalender.dk\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: kalender.dk:\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: kalender.dk:0\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: kalender.dk:65536\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: kalender.dk:4x\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: :443\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", NO_HOST),
	REQUEST("GET / HTTP/1.1\r\nHost : kalender.dk\r\n\r\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n Host: kalender.dk\r\n\r\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: b\r\n c\r\n\r\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: b\r\n\tc\r\n\r\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "\xc3\xa6: b\r\n\r\n", NO_NAME_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n", "400 A field has no name.\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a\r\n\r\n", "400 A field has no colon.\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST "\rX", NO_CR_LF),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: b\n\r\n", NO_VALUE_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: b\rc\r\n\r\n", NO_CR_LF),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: b\r\r\n\r\n", NO_CR_LF),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: \0\r\n\r\n", NO_VALUE_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: \x01\r\n\r\n", NO_VALUE_BYTE),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a: \x7f\r\n\r\n", NO_VALUE_BYTE),
	REQUEST("GET / HTTP/1.1\r\nExpect: tea\r\n" END,
	    "417 This expectation cannot be met.\n"),
	REQUEST("GET / HTTP/1.1\r\n" HOST "a:" X50 X50 X50 X50 X50 "12345678901\r\n"
	    "b:" X10 "123\r\n\r\n", OVER_FIELDS),
	REQUEST("GET / HTTP/1.1\r\n" X50 X50 X50 X50 X50 X50 "123", OVER_FIELDS),
	REQUEST("GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\n"
	    HOST "j:\r\n\r\n", "431 There are too many fields.\n"),
};

static const struct request bad_bodies[] = {
	REQUEST(POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n1",
	    "400 More than one Content-Length.\n"),
	REQUEST(POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12",
	    "400 More than one Content-Length.\n"),
	REQUEST(POST "Content-Length: 1, 1\r\n\r\n1", NO_NUMBER),
	REQUEST(POST "Content-Length: +1\r\n\r\n1", NO_NUMBER),
	REQUEST(POST "Content-Length: -1\r\n\r\n1", NO_NUMBER),
	REQUEST(POST "Content-Length: 1 1\r\n\r\n1", NO_NUMBER),
	REQUEST(POST "Content-Length: 0x1\r\n\r\n1", NO_NUMBER),
	REQUEST(POST "Content-Length: \r\n\r\n1", "400 Content-Length is empty.\n"),
	REQUEST(POST "Content-Length: 65\r\n\r\n", OVER_BODY),
	REQUEST(POST "Content-Length: 99999999999999999999999999\r\n\r\n",
	    OVER_BODY),
	REQUEST(POST "Content-Length: 18446744073709551617\r\n\r\n", OVER_BODY),
	REQUEST(POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
	    "400 Both Content-Length and Transfer-Encoding.\n"),
	REQUEST(POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
	    "400 Both Content-Length and Transfer-Encoding.\n"),
	REQUEST(POST "Transfer-Encoding: gzip, chunked\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding: chunked;a=b\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding: identity\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding: xchunked\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding: \"chunked\"\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding:\r\n\r\n", NO_CHUNKED),
	REQUEST(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
	    "\r\n", "400 More than one Transfer-Encoding.\n"),
	REQUEST("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" END,
	    "400 Transfer-Encoding in HTTP/1.0.\n"),
	REQUEST(CHUNKED "\r\n", NO_SIZE),
	REQUEST(CHUNKED "0x1\r\na", NO_SIZE),
	REQUEST(CHUNKED "+1\r\na", NO_SIZE),
	REQUEST(CHUNKED "-1\r\na", NO_SIZE),
	REQUEST(CHUNKED " 1\r\na", NO_SIZE),
	REQUEST(CHUNKED "1 \r\na", NO_SIZE),
	REQUEST(CHUNKED ";a\r\na", NO_SIZE),
	REQUEST(CHUNKED "1\na\r\n0\r\n\r\n", NO_SIZE),
	REQUEST(CHUNKED "1\rXa", NO_CR_LF),
	REQUEST(CHUNKED "00000000000000001\r\na", NO_SIZE),
	REQUEST(CHUNKED "00000000000000000", NO_SIZE),
	REQUEST(CHUNKED "41\r\n", OVER_BODY),
	REQUEST(CHUNKED "1\r\na\r\n40\r\n", OVER_BODY),
	REQUEST(CHUNKED "ffffffffffffffff\r\n", OVER_BODY),
	REQUEST(CHUNKED "8000000000000001\r\n", OVER_BODY),
	REQUEST(CHUNKED "1\r\nab", "400 A chunk is longer than its size.\n"),
	REQUEST(CHUNKED "1\r\na\n", "400 A chunk is longer than its size.\n"),
	REQUEST(CHUNKED "1\r\na\rX", NO_CR_LF),
	REQUEST(CHUNKED "1;a\nb\r\n", NO_VALUE_BYTE),
	REQUEST(CHUNKED "1;a\0b\r\n", NO_VALUE_BYTE),
	REQUEST(CHUNKED "1;" X50 X50 X50 X50 X50 X50 "1", OVER_FRAMING),
	REQUEST(CHUNKED "1;" X50 X50 X50 "\r\na\r\n1;" X50 X50 X50,
	    OVER_FRAMING),
	REQUEST(CHUNKED "0\r\na:" X50 X50 X50 "\r\nb:" X50 X50 X50, OVER_FRAMING),
	REQUEST(CHUNKED "0\r\na b: c\r\n\r\n", NO_NAME_BYTE),
	REQUEST(CHUNKED "0\r\n: c\r\n\r\n", "400 A trailer has no name.\n"),
	REQUEST(CHUNKED "0\r\na\r\n\r\n", "400 A trailer has no colon.\n"),
	REQUEST(CHUNKED "0\r\na: b\n\r\n", NO_VALUE_BYTE),
	REQUEST(CHUNKED "0\r\n\rX", NO_CR_LF),
};

#define NOTE	"X-Note: da\r\n"
#define X_NOTE	" note da"

/* The path, and the fields whose lines are whole. */
static const struct request refused[] = {
	REQUEST("GE\tT /a HTTP/1.1\r\n" END, NO_METHOD_BYTE "path []\n"),
	REQUEST("GET\t/a HTTP/1.1\r\n" END, NO_METHOD_BYTE "path []\n"),
	REQUEST("PRI * HTTP/2.0\r\n\r\n",
	    "400 HTTP/2 is not spoken here.\npath []\n"),
	REQUEST("GET  /a HTTP/1.1\r\n" END,
	    "400 There is no target.\n" "path []\n"),
	REQUEST("GET /a/\xc3 HTTP/1.1\r\n" END, NO_TARGET_BYTE "path [/a/]\n"),
	REQUEST("GET /a" X50 X50 X10 X10 X10 " HTTP/1.1\r\n" END,
	    "414 The request line is too long.\npath [/a" X10 X10 "x]\n"),
	REQUEST("GET /a?b HTTP/2.0\r\n" END,
	    "505 Only HTTP/1.1 is spoken here.\npath [/a]\n"),
	REQUEST("GET /a HTTP/1.1\r\n" NOTE HOST ": b\r\n\r\n",
	    "400 A field has no name.\npath [/a]" X_NOTE "\n"),
	REQUEST("GET /a HTTP/1.1\r\n" NOTE HOST "X-Note: d\r\r\n\r\n",
	    NO_CR_LF "path [/a]" X_NOTE "\n"),
	REQUEST("GET /a HTTP/1.1\r\n" HOST NOTE "X-Note: en\r\nX\r\n\r\n",
	    "400 A field has no colon.\npath [/a]" X_NOTE ", en\n"),
	REQUEST("GET /a HTTP/1.1\r\n" HOST HOST NOTE "\r\n",
	    "400 More than one Host.\npath [/a]\n"),
	REQUEST("GET /a HTTP/1.1\r\n" NOTE "\r\n",
	    "400 Host is missing.\npath [/a]" X_NOTE "\n"),
	REQUEST("GET /%61?q=%00 HTTP/1.1\r\n" NOTE END,
	    NO_TARGET "path [/a]" X_NOTE "\n"),
	REQUEST("GET /a/%zz/%41 HTTP/1.1\r\n" NOTE END,
	    NO_TARGET "path [/a/%zz/A]" X_NOTE "\n"),
	REQUEST("GET /a%2f%0a%C3%B8% HTTP/1.1\r\n" NOTE END,
	    NO_TARGET "path [/a%2f%0a%C3%B8%]" X_NOTE "\n"),
	REQUEST("GET https://other.dk/a HTTP/1.1\r\n" NOTE
	    "Host: other.dk\r\n\r\n", OTHER_HOST "path [/a]" X_NOTE "\n"),
	REQUEST("GET https://other.dk?/a HTTP/1.1\r\n" NOTE
	    "Host: other.dk\r\n\r\n", OTHER_HOST "path []" X_NOTE "\n"),
	REQUEST("CONNECT kalender.dk:443 HTTP/1.1\r\n" NOTE END,
	    "405 This method is not allowed.\npath []" X_NOTE "\n"),
	REQUEST("TRACE /a HTTP/1.1\r\n" NOTE END,
	    "405 This method is not allowed.\npath [/a]" X_NOTE "\n"),
	REQUEST("POST /a HTTP/1.1\r\n" NOTE "Content-Length: 65\r\n" END,
	    "413 The body is too large.\npath [/a]" X_NOTE "\n"),
	REQUEST("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" NOTE END
	    "1\r\na\r\nx\r\n", NO_SIZE "path [/a]" X_NOTE "\n"),
};

static void
assert_told(const struct request *request, size_t cut, size_t step,
    bool known)
{
	struct buf out = BUF_INIT;

	http_run(&out, request->bytes, request->length, cut, step,
	    known);
	if (strcmp(request->told, out.data) != 0)
		print_message("[%s] in pieces of %zu and %zu\n",
		    request->bytes, cut, step);
	assert_string_equal(out.data, request->told);
	buf_clear(&out);
}

static void
assert_table(const struct request *table, size_t count, bool known)
{
	size_t i, cut;

	for (i = 0; i < count; i++) {
		for (cut = 1; cut <= table[i].length; cut++)
			assert_told(&table[i], cut, table[i].length, known);
		assert_told(&table[i], 1, 1, known);
		assert_told(&table[i], 2, 3, known);
	}
}

static void
test_good_requests_are_read_alike_however_they_are_split(void **state)
{
	(void)state;
	assert_table(good, ARRAY_LEN(good), false);
}

static void
test_bad_request_lines_are_refused(void **state)
{
	(void)state;
	assert_table(bad_lines, ARRAY_LEN(bad_lines), false);
}

static void
test_bad_targets_are_refused(void **state)
{
	(void)state;
	assert_table(bad_targets, ARRAY_LEN(bad_targets), false);
}

static void
test_bad_fields_are_refused(void **state)
{
	(void)state;
	assert_table(bad_fields, ARRAY_LEN(bad_fields), false);
}

static void
test_bad_bodies_are_refused(void **state)
{
	(void)state;
	assert_table(bad_bodies, ARRAY_LEN(bad_bodies), false);
}

static void
test_what_is_known_of_a_refused_request_is_known_alike(void **state)
{
	(void)state;
	assert_table(refused, ARRAY_LEN(refused), true);
}

/* What came in time of a request that was not finished. */
static void
test_the_path_of_a_broken_off_request_is_known_so_far(void **state)
{
	static const char bytes[] = "GET https://h/a%62/c%2f%3F%zz?d HTTP/1.1";
	static const struct {
		size_t length;
		const char *path;
	} cases[] = {
		{ 3, "" }, { 4, "" }, { 13, "" }, { 14, "/" }, { 16, "/a%" },
		{ 17, "/a%6" }, { 18, "/ab" }, { 28, "/ab/c%2f%3F%z" },
		{ 29, "/ab/c%2f%3F%zz" }, { 30, "/ab/c%2f%3F%zz" },
		{ sizeof(bytes) - 1, "/ab/c%2f%3F%zz" },
	};
	struct http_parser parser;
	char path[24], shorter[5];
	size_t i;

	(void)state;
	http_parser_init(&parser, &http_run_limits, NULL);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(http_parser_head(&parser, bytes,
		    cases[i].length), HTTP_PARSE_MORE);
		http_parser_path_begin(&parser, bytes, path, sizeof(path));
		assert_string_equal(path, cases[i].path);
	}
	http_parser_path_begin(&parser, bytes, shorter, sizeof(shorter));
	assert_string_equal(shorter, "/ab/");
}

/* A request that is cut off anywhere is never done and never bad. */
static void
test_the_beginning_of_a_good_request_waits_for_more(void **state)
{
	static const char bytes[] = "POST /a HTTP/1.1\r\n" HOST
	    "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nb: c\r\n\r\n";
	struct buf out = BUF_INIT;
	size_t length;

	(void)state;
	for (length = 1; length < sizeof(bytes) - 1; length++) {
		buf_reset(&out);
		http_run(&out, bytes, length, length, length, false);
		assert_string_equal(out.data, "more\n");
	}
	buf_clear(&out);
}

static void
test_an_empty_line_begins_no_request(void **state)
{
	struct http_parser parser;

	(void)state;
	http_parser_init(&parser, &http_run_limits, NULL);
	assert_false(http_parser_begun(&parser));
	assert_int_equal(http_parser_head(&parser, "\r\n", 2), HTTP_PARSE_MORE);
	assert_false(http_parser_begun(&parser));
	assert_int_equal(http_parser_head(&parser, "\r\nG", 3), HTTP_PARSE_MORE);
	assert_true(http_parser_begun(&parser));
}

static void
test_any_host_is_right_when_no_names_are_given(void **state)
{
	static const char bytes[] = "GET / HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n";
	struct http_parser parser;

	(void)state;
	http_parser_init(&parser, &http_run_limits, NULL);
	assert_int_equal(http_parser_head(&parser, bytes, sizeof(bytes) - 1),
	    HTTP_PARSE_DONE);
}

static void
test_a_body_with_a_zero_keeps_its_length(void **state)
{
	char bytes[] = POST "Content-Length: 5\r\n\r\na\0b\r\nGET";
	struct http_parser parser;
	size_t length = sizeof(bytes) - 1;

	(void)state;
	http_parser_init(&parser, &http_run_limits, NULL);
	assert_int_equal(http_parser_head(&parser, bytes, length),
	    HTTP_PARSE_DONE);
	assert_int_equal(http_parser_body(&parser, bytes, &length),
	    HTTP_PARSE_DONE);
	assert_int_equal(parser.body_length, 5);
	assert_memory_equal(bytes + parser.head_length, "a\0b\r\n", 5);
	assert_memory_equal(bytes + parser.end, "GET", 3);
	assert_int_equal(length, sizeof(bytes) - 1);
}

static void
test_a_value_that_was_ended_is_found_again_as_it_was(void **state)
{
	char bytes[] = "GET / HTTP/1.1\r\nA: b \t\r\n" END;
	struct http_span name, value;
	struct http_texts texts = { NULL };
	struct http_parser parser;
	size_t at;

	(void)state;
	http_parser_init(&parser, &http_run_limits, NULL);
	assert_int_equal(http_parser_head(&parser, bytes, sizeof(bytes) - 1),
	    HTTP_PARSE_DONE);
	assert_string_equal(http_parser_field(&parser, bytes, "a", &texts), "b");
	at = parser.fields_at;
	assert_true(http_parser_field_next(&parser, bytes, &at, &name, &value));
	assert_int_equal(name.length, 1);
	assert_int_equal(value.length, 1);
	assert_true(http_parser_field_next(&parser, bytes, &at, &name, &value));
	assert_int_equal(value.length, strlen("kalender.dk"));
	assert_false(http_parser_field_next(&parser, bytes, &at, &name, &value));
	assert_null(http_parser_field(&parser, bytes, "b", &texts));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_good_requests_are_read_alike_however_they_are_split),
		cmocka_unit_test(test_bad_request_lines_are_refused),
		cmocka_unit_test(test_bad_targets_are_refused),
		cmocka_unit_test(test_bad_fields_are_refused),
		cmocka_unit_test(test_bad_bodies_are_refused),
		cmocka_unit_test(
		    test_what_is_known_of_a_refused_request_is_known_alike),
		cmocka_unit_test(
		    test_the_path_of_a_broken_off_request_is_known_so_far),
		cmocka_unit_test(
		    test_the_beginning_of_a_good_request_waits_for_more),
		cmocka_unit_test(test_an_empty_line_begins_no_request),
		cmocka_unit_test(test_any_host_is_right_when_no_names_are_given),
		cmocka_unit_test(test_a_body_with_a_zero_keeps_its_length),
		cmocka_unit_test(
		    test_a_value_that_was_ended_is_found_again_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
