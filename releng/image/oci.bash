# shellcheck shell=bash
# Sourced: writes OCI images (image-spec 1.1) as archives that `ctr images import` takes; the same
# files give the same bytes. Set oci to an empty folder first; oci_level is how hard gzip tries (-6).

# archive FOLDER FILE: a tar of a folder, without times, owners and the order of the disk.
archive() {
  tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$2" .
}

# blob FILE TYPE: moves it among the blobs; prints its descriptor, without the closing brace.
blob() {
  local sum size
  mkdir -p "$oci/blobs/sha256"
  sum=$(sha256sum <"$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$oci/blobs/sha256/$sum"
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' "$2" "$sum" "$size"
}

oci_diffs=()
oci_layers=()

# oci_layer FOLDER: the next layer, from the files of a folder.
oci_layer() {
  archive "$1" "$oci.layer.tar"
  oci_diffs+=("\"sha256:$(sha256sum <"$oci.layer.tar" | cut -d' ' -f1)\"")
  gzip -n -f "${oci_level:--6}" "$oci.layer.tar"
  oci_layers+=("$(blob "$oci.layer.tar.gz" layer.v1.tar+gzip)}")
}

# joined WORD...: with commas between them.
joined() {
  local IFS=,
  echo "$*"
}

# oci_image TAR NAME CONFIG: ends the image; CONFIG is what stands in "config", as JSON.
oci_image() {
  local config manifest
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(dpkg --print-architecture)" "$3" "$(joined "${oci_diffs[@]}")" >"$oci.config"
  config="$(blob "$oci.config" config.v1+json)}"
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
    "$config" "$(joined "${oci_layers[@]}")" >"$oci.manifest"
  manifest=$(blob "$oci.manifest" manifest.v1+json)
  printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
    "$manifest" "$2" "${2##*:}" >"$oci/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
  archive "$oci" "$1"
}
