package io.sekisho.agent.install;

import io.sekisho.agent.apiserver.ResourceKind;
import java.util.List;

/** Kinds of objects that an installation consists of. */
final class Kinds {
  static final ResourceKind DAEMON_SET =
      new ResourceKind("apps", "v1", "DaemonSet", "daemonsets", true);
  static final ResourceKind JOB = new ResourceKind("batch", "v1", "Job", "jobs", true);
  static final ResourceKind SECRET = new ResourceKind("", "v1", "Secret", "secrets", true);
  static final ResourceKind EVENT = new ResourceKind("", "v1", "Event", "events", true);
  static final ResourceKind CONFIG_MAP =
      new ResourceKind("", "v1", "ConfigMap", "configmaps", true);
  static final ResourceKind SERVICE_ACCOUNT =
      new ResourceKind("", "v1", "ServiceAccount", "serviceaccounts", true);
  static final ResourceKind CLUSTER_ROLE =
      new ResourceKind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
  static final ResourceKind CLUSTER_ROLE_BINDING =
      new ResourceKind(
          "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false);
  static final ResourceKind ROLE =
      new ResourceKind("rbac.authorization.k8s.io", "v1", "Role", "roles", true);
  static final ResourceKind ROLE_BINDING =
      new ResourceKind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true);
  static final ResourceKind NODE_STATUS = new ResourceKind("", "v1", "Node", "nodes/status", false);
  static final ResourceKind ADMISSION_POLICY =
      new ResourceKind(
          "admissionregistration.k8s.io",
          "v1",
          "ValidatingAdmissionPolicy",
          "validatingadmissionpolicies",
          false);
  static final ResourceKind ADMISSION_BINDING =
      new ResourceKind(
          "admissionregistration.k8s.io",
          "v1",
          "ValidatingAdmissionPolicyBinding",
          "validatingadmissionpolicybindings",
          false);
  static final ResourceKind DEFINITION =
      new ResourceKind(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  /** What whoever installs must be allowed to make. */
  static final List<ResourceKind> MADE =
      List.of(
          ResourceKind.NAMESPACE,
          DEFINITION,
          CLUSTER_ROLE,
          CLUSTER_ROLE_BINDING,
          ROLE,
          ROLE_BINDING,
          ADMISSION_POLICY,
          ADMISSION_BINDING,
          SERVICE_ACCOUNT,
          CONFIG_MAP,
          JOB,
          DAEMON_SET);

  private Kinds() {}
}
