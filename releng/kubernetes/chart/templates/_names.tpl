{{- define "sekisho.labels" -}}
app.kubernetes.io/part-of: sekisho
{{- end }}
{{- define "sekisho.image" -}}
{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- define "sekisho.apiServer" -}}
{{- with .Values.apiServer.host -}}
- {name: KUBERNETES_SERVICE_HOST, value: {{ . | quote }}}
- {name: KUBERNETES_SERVICE_PORT, value: {{ $.Values.apiServer.port | quote }}}
{{- end }}
{{- end }}
{{- define "sekisho.config" -}}
{{- $tls := "/etc/sekisho/tls" -}}
{{- $config := dict
    "node" (dict "name" "${NODE_NAME}" "cluster" .Values.cluster)
    "underlay" (dict "deviceOf" "${NODE_ADDRESS}")
    "dirs" (dict "run" (printf "%s/${NODE_NAME}" .Values.host.run) "state" (printf "%s/${NODE_NAME}" .Values.host.state))
    "routing" (dict "mode" .Values.routing)
    "store" (dict "type" "kubernetes")
    "kubernetes" (dict "namespace" .Release.Namespace)
    "grpc" (dict "listen" (printf "[${NODE_ADDRESS}]:%v" .Values.grpcPort) "serverName" .Values.certificates.serverName "loopback" true
      "ca" (printf "%s/ca.crt" $tls) "certificate" (printf "%s/tls.crt" $tls) "key" (printf "%s/tls.key" $tls))
    "health" (dict "listen" (printf "127.0.0.1:%v" .Values.probePort))
-}}
{{- mergeOverwrite $config .Values.config | toYaml -}}
{{- end }}
