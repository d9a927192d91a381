// cert-manager's own controllers for the tests: those of certificates, of self-signed issuers and of
// authorities. Its program is a module that cannot be asked for by name, and brings the clouds' client
// libraries along; so this one starts its controllers, all that were linked in, until it is told to end.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os/signal"
	"sync"
	"syscall"

	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

// run starts every controller, and returns when the context has ended or one of them could not start.
func run(ctx context.Context, kubeconfig, namespace string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	options := controller.ContextOptions{Kubeconfig: kubeconfig}
	options.ClusterResourceNamespace = namespace
	factory, err := controller.NewContextFactory(ctx, options)
	if err != nil {
		return err
	}
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	failures := make(chan error, len(controller.Known()))
	for name, construct := range controller.Known() {
		made, err := construct(factory)
		if err != nil {
			return errors.Join(errors.New(name), err)
		}
		running.Go(func() {
			if err := made.Run(2, ctx); err != nil {
				failures <- errors.Join(errors.New(name), err)
				cancel()
			}
		})
	}
	// they have asked for what they need by now
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	running.Wait()
	close(failures)
	return <-failures
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "whose controllers these are")
	namespace := flag.String("cluster-resource-namespace", "cert-manager", "where secrets of issuers of the whole cluster are")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, *kubeconfig, *namespace); err != nil {
		log.Fatal(err)
	}
}
