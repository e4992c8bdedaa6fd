// Says what an API server says of pod templates: reads one template a line, and writes one list of
// errors a line, empty for a template with which a ReplicaSet is created.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
)

const replicaSet = `{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web","namespace":"d"},` +
	`"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":%s}}`

func judge(template []byte) []string {
	// As the server reads it: defaults are set, and the object is the server's own.
	decoder := legacyscheme.Codecs.UniversalDecoder(schema.GroupVersion{Group: "apps", Version: "__internal"})
	object, _, err := decoder.Decode(fmt.Appendf(nil, replicaSet, template), nil, nil)
	if err != nil {
		return []string{err.Error()}
	}
	set := object.(*apps.ReplicaSet)
	context := genericapirequest.WithNamespace(genericapirequest.NewContext(), "d")
	context = genericapirequest.WithRequestInfo(context, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIGroup: "apps", APIVersion: "v1",
		Resource: "replicasets", Namespace: "d",
	})
	rest.FillObjectMetaSystemFields(set)
	err = rest.BeforeCreate(replicaset.Strategy, context, set)
	if err == nil {
		return []string{}
	}
	status, isStatus := err.(*apierrors.StatusError)
	if !isStatus || status.ErrStatus.Details == nil || len(status.ErrStatus.Details.Causes) == 0 {
		return []string{err.Error()}
	}
	errors := []string{}
	for _, cause := range status.ErrStatus.Details.Causes {
		errors = append(errors, cause.Field+": "+cause.Message)
	}
	return errors
}

func main() {
	// Every cluster that runs more than a demo allows privileged containers.
	capabilities.Setup(true, 0)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	for lines.Scan() {
		text, err := json.Marshal(judge(lines.Bytes()))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		output.Write(append(text, '\n'))
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
