#include "base/json.h"
#include "doctor/render.h"

// The JSON Schema of what json.cpp writes. Members may be added under one schema_version, so unknown ones are allowed.
namespace truename::doctor {

namespace {

constexpr std::string_view kBefore = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "truename report",
  "description": "One object per target; in a list one per line, where a line with detail = summary is the short form. Members are only ever added.",
  "if": {"required": ["detail"], "properties": {"detail": {"const": "summary"}}},
  "then": {"$ref": "#/$defs/summary"},
  "else": {"$ref": "#/$defs/report"},
  "$defs": {
    "strings": {"type": "array", "items": {"type": "string"}},
    "time": {"type": "string", "pattern": "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "schema_version": {"const": 1},
    "exit": {"description": "0 all silent, 1 some warn or expiry is near, 2 some refuse, 3 nothing judged", "enum": [0, 1, 2, 3]},
    "who": {"enum": ["nobody", "server", "user", "ca", "provider", "unknown"]},
    "outcome": {"enum": ["silent", "warns", "refuses", "not-judged"]},
    "state": {"enum": ["judged", "limited", "refused", "timeout", "dropped", "no-tls", "tls-failed"]},
    "target": {
      "type": "object",
      "required": ["name", "source"],
      "properties": {"name": {"type": "string"}, "port": {"type": "integer", "minimum": 1, "maximum": 65535}, "source": {"type": "string"}}
    },
    "acts": {
      "description": "Who has to act, in one sentence",
      "type": "object",
      "required": ["who", "text"],
      "properties": {"who": {"$ref": "#/$defs/who"}, "text": {"type": "string"}}
    },
    "error": {
      "type": "object",
      "required": ["doing", "object", "reason", "next"],
      "properties": {
        "kind": {"enum": ["refused", "limited", "timeout", "dropped", "protocol", "local", "usage", "input"]},
        "doing": {"type": "string"}, "object": {"type": "string"}, "reason": {"type": "string"}, "next": {"type": "string"}
      }
    },
    "endpoint": {
      "type": "object",
      "required": ["id", "protocol", "port", "tls", "address", "sni", "state", "handshake"],
      "properties": {
        "id": {"type": "string"}, "protocol": {"type": "string"}, "port": {"type": "integer", "minimum": 0, "maximum": 65535},
        "tls": {"enum": ["implicit", "starttls"]}, "address": {"type": "string"},
        "sni": {"description": "The name in the hello; empty when none was sent", "type": "string"},
        "state": {"$ref": "#/$defs/state"}, "chain": {"type": "string"}, "handshake": {"enum": ["completed", "failed", "none"]},
        "tls_version": {"type": "string"}, "asks_client_certificate": {"type": "boolean"}, "error": {"$ref": "#/$defs/error"}
      }
    },
    "certificate": {
      "type": "object",
      "required": ["sha256", "subject", "issuer", "names", "not_before", "not_after", "key", "signature"],
      "properties": {
        "sha256": {"$ref": "#/$defs/sha256"}, "subject": {"type": "string"}, "issuer": {"type": "string"},
        "names": {"description": "In the order of the certificate; others than DNS names with their kind before a colon", "$ref": "#/$defs/strings"},
        "not_before": {"anyOf": [{"$ref": "#/$defs/time"}, {"type": "null"}]}, "not_after": {"anyOf": [{"$ref": "#/$defs/time"}, {"type": "null"}]},
        "key": {"type": "string"}, "signature": {"type": "string"}
      }
    },
    "chain": {
      "type": "object",
      "required": ["id", "certificates"],
      "properties": {
        "id": {"type": "string"}, "certificates": {"type": "array", "items": {"$ref": "#/$defs/certificate"}}, "days_left": {"type": "integer"},
        "questions": {"$ref": "#/$defs/strings"}
      }
    },
    "path": {
      "type": "object",
      "required": ["id", "chain", "certificates"],
      "properties": {
        "id": {"type": "string"}, "chain": {"type": "string"}, "certificates": {"type": "array", "items": {"$ref": "#/$defs/sha256"}},
        "anchor": {
          "type": "object",
          "required": ["sha256", "subject", "origin"],
          "properties": {"sha256": {"$ref": "#/$defs/sha256"}, "subject": {"type": "string"}, "origin": {"enum": ["shipped", "added", "none"]}}
        }
      }
    },
    "finding_id": {"enum": [)json";

constexpr std::string_view kAfter = R"json(]},
    "finding_ids": {"type": "array", "items": {"$ref": "#/$defs/finding_id"}},
    "finding": {
      "type": "object",
      "required": ["id", "section", "expected", "found", "text"],
      "properties": {
        "id": {"$ref": "#/$defs/finding_id"}, "chain": {"type": "string"}, "path": {"type": "string"}, "endpoint": {"type": "string"},
        "certificate": {"$ref": "#/$defs/sha256"}, "name": {"type": "string"}, "field": {"type": "string"}, "class": {"enum": ["defect", "fact"]},
        "section": {"type": "string"}, "expected": {"type": "string"}, "found": {"type": "string"}, "text": {"type": "string"}
      }
    },
    "step": {
      "type": "object",
      "required": ["text", "lines", "buttons"],
      "properties": {
        "title": {"type": "string"}, "text": {"type": "string"}, "lines": {"$ref": "#/$defs/strings"}, "buttons": {"$ref": "#/$defs/strings"},
        "looks": {"enum": ["window", "notification", "page", "log"]},
        "complete": {"description": "false when some of its text is not known", "type": "boolean"},
        "checkboxes": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["label", "checked"],
            "properties": {"label": {"type": "string"}, "checked": {"type": "boolean"}}
          }
        },
        "then": {"$ref": "#/$defs/step"}
      }
    },
    "dialog": {
      "allOf": [{"$ref": "#/$defs/step"}],
      "required": ["id", "lang", "values"],
      "properties": {"id": {"type": "string"}, "lang": {"type": "string"}, "values": {"type": "object", "additionalProperties": {"type": "string"}}}
    },
    "verdict": {
      "description": "One per client, name and chain",
      "type": "object",
      "required": ["client", "version", "platform", "name", "chain", "endpoints", "outcome", "reaches", "verifies", "findings", "confidence"],
      "properties": {
        "id": {"type": "string"}, "client": {"type": "string"}, "version": {"type": "string"}, "platform": {"type": "string"}, "label": {"type": "string"},
        "name": {"type": "string"}, "chain": {"type": "string"}, "path": {"type": "string"}, "endpoints": {"$ref": "#/$defs/strings"},
        "outcome": {"$ref": "#/$defs/outcome"}, "reaches": {"enum": ["yes", "no", "not-asked", "not-judged"]},
        "verifies": {"enum": ["all", "no-name", "nothing"]}, "dialog": {"$ref": "#/$defs/dialog"}, "code": {"type": "string"}, "codes": {"$ref": "#/$defs/strings"},
        "asks_again": {"type": "boolean"},
        "yes": {
          "type": "object",
          "required": ["lasts", "bound_to", "covers"],
          "properties": {"lasts": {"type": "string"}, "bound_to": {"$ref": "#/$defs/strings"}, "covers": {"type": "string"},
            "choice": {"type": "string"}, "otherwise": {"type": "string"}}
        },
        "findings": {"$ref": "#/$defs/finding_ids"}, "why": {"type": "string"},
        "confidence": {"enum": ["observed", "source", "documented", "reported", "inferred"]}, "retired": {"type": "boolean"}
      }
    },
    "cause": {
      "type": "object",
      "required": ["id", "text", "clients"],
      "properties": {
        "id": {"type": "string"}, "kind": {"type": "string"}, "text": {"type": "string"}, "clients": {"$ref": "#/$defs/strings"},
        "findings": {"$ref": "#/$defs/finding_ids"}, "chains": {"$ref": "#/$defs/strings"}, "others": {"type": "string"}, "shortcut": {"type": "string"}, "assuming": {"type": "string"}
      }
    },
    "mend": {
      "type": "object",
      "required": ["id", "text", "who", "steps", "helps"],
      "properties": {
        "id": {"type": "string"}, "kind": {"type": "string"}, "text": {"type": "string"}, "who": {"$ref": "#/$defs/who"},
        "steps": {"$ref": "#/$defs/strings"}, "causes": {"$ref": "#/$defs/strings"}, "helps": {"$ref": "#/$defs/strings"},
        "left": {"$ref": "#/$defs/strings"}, "not_judged": {"$ref": "#/$defs/strings"}, "asks_once_more": {"$ref": "#/$defs/strings"}, "rejudged": {"type": "boolean"}
      }
    },
    "report": {
      "type": "object",
      "required": ["schema_version", "target", "at", "elapsed_ms", "connections", "endpoints", "chains", "paths", "findings", "verdicts", "causes", "mends", "exit"],
      "properties": {
        "schema_version": {"$ref": "#/$defs/schema_version"}, "target": {"$ref": "#/$defs/target"}, "at": {"$ref": "#/$defs/time"},
        "elapsed_ms": {"type": "integer", "minimum": 0}, "connections": {"type": "integer", "minimum": 0}, "acts": {"$ref": "#/$defs/acts"},
        "differences": {"$ref": "#/$defs/strings"}, "hints": {"$ref": "#/$defs/strings"}, "predicted": {"type": "boolean"},
        "near_expiry": {"type": "boolean"}, "missing": {"$ref": "#/$defs/strings"},
        "endpoints": {"type": "array", "items": {"$ref": "#/$defs/endpoint"}}, "chains": {"type": "array", "items": {"$ref": "#/$defs/chain"}},
        "paths": {"type": "array", "items": {"$ref": "#/$defs/path"}}, "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        "verdicts": {"type": "array", "items": {"$ref": "#/$defs/verdict"}}, "causes": {"type": "array", "items": {"$ref": "#/$defs/cause"}},
        "mends": {"type": "array", "items": {"$ref": "#/$defs/mend"}}, "exit": {"$ref": "#/$defs/exit"}
      }
    },
    "summary": {
      "type": "object",
      "required": ["schema_version", "target", "at", "elapsed_ms", "connections", "detail", "endpoints", "outcomes", "findings", "exit"],
      "properties": {
        "schema_version": {"$ref": "#/$defs/schema_version"}, "target": {"$ref": "#/$defs/target"}, "at": {"$ref": "#/$defs/time"},
        "elapsed_ms": {"type": "integer", "minimum": 0}, "connections": {"type": "integer", "minimum": 0}, "acts": {"$ref": "#/$defs/acts"},
        "detail": {"const": "summary"},
        "endpoints": {"description": "Endpoint id: its state, and the chain it showed", "type": "object", "additionalProperties": {"type": "string"}},
        "leaves": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["chain", "sha256"],
            "properties": {"chain": {"type": "string"}, "sha256": {"$ref": "#/$defs/sha256"}, "days_left": {"type": "integer"}}
          }
        },
        "outcomes": {
          "type": "object",
          "required": ["silent", "warns", "refuses", "not-judged"],
          "additionalProperties": {"type": "integer", "minimum": 0}
        },
        "warns": {"$ref": "#/$defs/strings"}, "refuses": {"$ref": "#/$defs/strings"}, "findings": {"$ref": "#/$defs/finding_ids"},
        "causes": {"$ref": "#/$defs/strings"}, "near_expiry": {"type": "boolean"}, "exit": {"$ref": "#/$defs/exit"}
      }
    }
  }
}
)json";

}  // namespace

std::string json_schema() {
    std::string schema(kBefore);
    bool first = true;
    for (const FindingInfo& row : all_findings()) {
        if (!first) schema += ", ";
        schema += json_quoted(row.name);
        first = false;
    }
    return schema + std::string(kAfter);
}

}  // namespace truename::doctor
