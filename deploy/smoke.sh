#!/usr/bin/env bash
# Waits until a running service is ready, then asks every kind of route once. Prints each answer; fails at the first that is not as expected.
#   deploy/smoke.sh [BASE_URL]        default http://127.0.0.1:8080
set -euo pipefail
base=${1:-http://127.0.0.1:8080}

for _ in $(seq 100); do
  curl -fsS -o /dev/null "$base/health/ready" 2>/dev/null && break
  sleep 0.2
done

# call STATUS METHOD PATH [curl arguments…]
call() {
  local expected=$1 method=$2 path=$3 answer status
  shift 3
  answer=$(curl -sS -X "$method" "$base$path" -w '\n%{http_code}' "$@")
  status=${answer##*$'\n'}
  printf '%s %s %s %.160s\n' "$status" "$method" "$path" "${answer%$'\n'*}" | head -n 1
  [ "$status" = "$expected" ] || { echo "expected $expected" >&2; exit 1; }
}
json=(-H 'Content-Type: application/json')

call 200 GET /health/live
call 200 GET /health/ready
call 200 GET /api/v1/models
call 200 GET /api/v1/models/next-word-en
call 200 POST /api/v1/next-word "${json[@]}" -d '{"text": "the students opened their"}'
call 200 POST /api/v1/next-word "${json[@]}" -d '{"text": "the students opened their", "prefix": "b"}'
call 200 POST /api/v1/next-word "${json[@]}" -d '{"text": "我昨天上学迟到了,老师批评了"}'
call 200 POST /api/v1/generate "${json[@]}" -d '{"prompt": "The students", "maxTokens": 20, "seed": 1}'
call 200 POST /api/v1/generate "${json[@]}" -H 'Accept: text/event-stream' -d '{"prompt": "The students", "maxTokens": 5, "seed": 1}'
call 200 POST /api/v1/sentiment "${json[@]}" -d '{"text": "Amazing! I will definitely buy it again.", "explain": true}'
call 200 POST /api/v1/sentiment "${json[@]}" -d '{"text": "我爱死你了。"}'
call 200 POST /api/v1/tags "${json[@]}" -d '{"text": "The students opened their books."}'
call 200 POST /api/v1/series "${json[@]}" -d '{"steps": [[25, 155, 678, 542, 128, 154, 24, 3, 52, 114, 9, 127, 208, 1.049, 340]]}'
call 400 POST /api/v1/next-word "${json[@]}" -d '{"text": "a", "top": 99}'
call 404 POST /api/v1/next-word "${json[@]}" -d '{"text": "a", "model": "nobody"}'
call 200 POST /api/v1/translation "${json[@]}" -d '{"text": "She loves China.", "source": "en", "target": "zh"}'
call 200 POST /api/v1/translation "${json[@]}" -d '{"text": "Elle aime la Chine.", "source": "fr", "target": "en"}'
call 200 POST /api/v1/chat "${json[@]}" -d '{"text": "Do you like music?", "seed": 1}'
call 422 POST /api/v1/translation "${json[@]}" -d '{"text": "a", "source": "en", "target": "nowhere"}'
call 200 GET /openapi/v1.json
call 200 GET /swagger/index.html
call 200 GET /metrics
echo "all as expected"
