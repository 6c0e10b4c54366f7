{{- define "asuso.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects all pods of the release. */}}
{{- define "asuso.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "asuso.labels" -}}
{{ include "asuso.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "asuso.image" -}}
{{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
{{- end -}}

{{- define "asuso.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "asuso.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "asuso.databaseHost" -}}
{{- if .Values.cloudnativepg.enabled -}}
{{- include "asuso.fullname" . }}-db-rw
{{- else -}}
{{- required "database.external.host: the server's address, or cloudnativepg.enabled" .Values.database.external.host -}}
{{- end -}}
{{- end -}}

{{- define "asuso.databasePort" -}}
{{- if .Values.cloudnativepg.enabled -}}5432{{- else -}}{{ .Values.database.external.port }}{{- end -}}
{{- end -}}

{{/* A password as it stands in an address. */}}
{{- define "asuso.encoded" -}}
{{- . | urlquery | replace "+" "%20" -}}
{{- end -}}

{{/* The address of the login "app": the server's own. */}}
{{- define "asuso.directUrl" -}}
{{- $password := required "database.appPassword" .Values.database.appPassword -}}
postgresql://{{ .Values.database.name }}_app:{{ include "asuso.encoded" $password }}@{{ include "asuso.databaseHost" . }}:{{ include "asuso.databasePort" . }}/{{ .Values.database.name }}
{{- end -}}

{{/* The address of the login "app" for web and worker. */}}
{{- define "asuso.databaseUrl" -}}
{{- if .Values.pgbouncer.enabled -}}
{{- $password := required "database.appPassword" .Values.database.appPassword -}}
postgresql://{{ .Values.database.name }}_app:{{ include "asuso.encoded" $password }}@{{ include "asuso.fullname" . }}-pgbouncer:6432/{{ .Values.database.name }}
{{- else -}}
{{- include "asuso.directUrl" . -}}
{{- end -}}
{{- end -}}

{{/* The address of the login "app" at a standby. */}}
{{- define "asuso.replicaUrl" -}}
{{- $password := required "database.appPassword" .Values.database.appPassword -}}
{{- $host := .Values.database.replica.host -}}
{{- if and .Values.cloudnativepg.enabled (not $host) -}}{{- $host = printf "%s-db-ro" (include "asuso.fullname" .) -}}{{- end -}}
postgresql://{{ .Values.database.name }}_app:{{ include "asuso.encoded" $password }}@{{ required "database.replica.host: the standby's address" $host }}:{{ .Values.database.replica.port }}/{{ .Values.database.name }}
{{- end -}}

{{- define "asuso.ownerUrl" -}}
{{- $password := required "database.ownerPassword" .Values.database.ownerPassword -}}
postgresql://{{ .Values.database.name }}_owner:{{ include "asuso.encoded" $password }}@{{ include "asuso.databaseHost" . }}:{{ include "asuso.databasePort" . }}/{{ .Values.database.name }}
{{- end -}}

{{- define "asuso.redisUrl" -}}
{{- $password := required "redis.password, or secrets.existingSecret with BROKER_URL" .Values.redis.password -}}
redis://:{{ include "asuso.encoded" $password }}@{{ include "asuso.fullname" . }}-redis:6379
{{- end -}}

{{- define "asuso.filesUrl" -}}
{{- if eq .Values.files.kind "s3" -}}
{{- $s3 := .Values.files.s3 -}}
{{- $options := list -}}
{{- with $s3.endpoint }}{{ $options = append $options (printf "endpoint=%s" .) }}{{ end -}}
{{- with $s3.region }}{{ $options = append $options (printf "region=%s" .) }}{{ end -}}
s3://{{ required "files.s3.bucket" $s3.bucket }}{{ with $s3.prefix }}/{{ . }}{{ end }}{{ if $options }}?{{ join "&" $options }}{{ end }}
{{- else -}}
file:///srv/asuso/files
{{- end -}}
{{- end -}}

{{/* Settings without secrets, for a ConfigMap. */}}
{{- define "asuso.environment" -}}
DATA_DIR: /var/lib/asuso
FILES_URL: {{ include "asuso.filesUrl" . | quote }}
{{- range $name, $value := .Values.environment }}
{{- if $value }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Secret settings of every process, for a Secret. */}}
{{- define "asuso.secrets" -}}
SECRET_KEY: {{ required "secrets.SECRET_KEY, or secrets.existingSecret" .Values.secrets.SECRET_KEY | quote }}
{{- range $name := list "AUDIT_KEY" "FILES_ACCESS_KEY" "FILES_SECRET_KEY" "OIDC_CLIENT_SECRET" "SENTRY_DSN" }}
{{- with index $.Values.secrets $name }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- if .Values.redis.enabled }}
BROKER_URL: {{ printf "%s/0" (include "asuso.redisUrl" .) | quote }}
CACHE_URL: {{ default (printf "%s/1" (include "asuso.redisUrl" .)) .Values.cache.url | quote }}
{{- else }}
BROKER_URL: {{ required "broker.url, or redis.enabled" .Values.broker.url | quote }}
{{- with .Values.cache.url }}
CACHE_URL: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "asuso.appSecretName" -}}
{{- default (include "asuso.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{- define "asuso.ownerSecretName" -}}
{{- default (printf "%s-owner" (include "asuso.fullname" .)) .Values.secrets.existingOwnerSecret -}}
{{- end -}}

{{/* The migration goes before everything else; in the first installation with a database of the chart's own, beside it:
     a hook would wait for a database that is made only after it. */}}
{{- define "asuso.migrationIsHook" -}}
{{- if not (and .Values.cloudnativepg.enabled .Release.IsInstall) -}}yes{{- end -}}
{{- end -}}

{{- define "asuso.hook" -}}
{{- if include "asuso.migrationIsHook" .root -}}
annotations:
  helm.sh/hook: pre-install,pre-upgrade
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation{{ if .forget }},hook-succeeded{{ end }}
{{- end -}}
{{- end -}}

{{/* Both logins at the server's own address, for jobs; the argument is the name of the Secret. */}}
{{- define "asuso.ownerEnvironment" -}}
{{- range $name := list "DATABASE_URL" "DATABASE_OWNER_URL" -}}
- name: {{ $name }}
  valueFrom:
    secretKeyRef: {name: {{ $ }}, key: {{ $name }}}
{{ end }}
{{- end -}}

{{- define "asuso.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "asuso.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* What every pod of the chart says about itself and about where it may run. */}}
{{- define "asuso.podCommon" -}}
automountServiceAccountToken: false
securityContext: {{- include "asuso.podSecurity" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Replicas on different machines while there are enough of them. */}}
{{- define "asuso.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "asuso.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "asuso.mounts" -}}
- {name: data, mountPath: /var/lib/asuso}
- {name: tmp, mountPath: /tmp}
{{- if eq .Values.files.kind "volume" }}
- {name: files, mountPath: /srv/asuso/files}
{{- end }}
{{- end -}}

{{- define "asuso.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 2Gi}
{{- if eq .Values.files.kind "volume" }}
- name: files
  persistentVolumeClaim: {claimName: {{ default (printf "%s-files" (include "asuso.fullname" .)) .Values.files.volume.existingClaim }}}
{{- end }}
{{- end -}}

{{/* Networks of a policy. */}}
{{- define "asuso.blocks" -}}
{{- range . }}
- ipBlock: {cidr: {{ . }}}
{{- end }}
{{- end -}}
