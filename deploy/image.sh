#!/usr/bin/env bash
# Builds the Dockerfile without Docker, starts the image as its recipe says, asks it for a page, a decode and its health,
# and says how large it is. Needs root, buildah and debootstrap, and what apt, pip and npm reach. See `make image`.
#
# The base image is made of Debian's own packages, so that no registry of images is needed. The container's root is
# mounted read-only, its user is the image's, its only volume a fresh folder.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for program in buildah debootstrap; do command -v $program > /dev/null || missing+=($program); done
if [ ${#missing[@]} -gt 0 ]; then
  echo "Missing: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 2
fi

work=${LENTE_IMAGE_WORK:-$PWD/var/image}
base=localhost/lente-base
port=${PORT:-8123}
certificates=/etc/ssl/certs
buildah=(buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs)
mkdir -p "$work"

base_image() {
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$work/base" > "$work/debootstrap.log"
  rm -rf "$work"/base/var/cache/apt/* "$work"/base/var/lib/apt/lists/*
  local container
  container=$("${buildah[@]}" from scratch)
  "${buildah[@]}" copy -q "$container" "$work/base" /
  "${buildah[@]}" commit -q --rm "$container" $base
  rm -rf "$work/base"
}

"${buildah[@]}" images -q $base > /dev/null 2>&1 || base_image
"${buildah[@]}" bud --isolation chroot --pull-never --format docker \
  --volume $certificates:$certificates:ro \
  --build-arg NODE_EXTRA_CA_CERTS=$certificates/ca-certificates.crt \
  --build-arg PYTHON=$base --build-arg TORCH_INDEX="${TORCH_INDEX:-}" -t lente .

container=$("${buildah[@]}" from --pull-never lente)
trap '"${buildah[@]}" rm "$container" > /dev/null' EXIT
python3 deploy/prove_image.py "$("${buildah[@]}" mount "$container")" "$port" \
  <("${buildah[@]}" inspect --type image lente)
