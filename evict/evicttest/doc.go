// Package evicttest helps to test what reads evictions out of audit logs, with
// package evict or without it: it makes logs that look like those of an API
// server, reads those kept in files, and compares what was read from them.
//
// A test tells a story, has it read, and says what should have come of it:
//
//	log := evicttest.NewLog(start)
//	pod := log.Pod("shop", "web-0", "fargate-ip-10-0-1-5.ec2.internal")
//	log.Evict(pod, evicttest.EKSNodeManager(), evicttest.Blocked("web-pdb", 2, 2))
//	log.After(72 * time.Hour)
//	log.Delete(pod, evicttest.EKSNodeManager())
//	log.End(pod)
//
//	var got []evict.Removal
//	for r, err := range evict.Removals(t.Context(), log.Source(), nil) {
//		if err != nil {
//			t.Fatal(err)
//		}
//		got = append(got, r)
//	}
//	want := []evict.Removal{{Namespace: "shop", Pod: "web-0", Way: evict.EvictionForced}}
//	if diff := evicttest.Diff(want, got); diff != "" {
//		t.Errorf("removals (-want +got):\n%s", diff)
//	}
//
// # Logs
//
// A [Log] has a method for each thing that happens: [Log.Evict], [Log.Delete],
// [Log.Preempt], [Log.Cordon], [Log.Scale] and so on. Each adds the events that
// an API server logs of it, one or two requests, with the keys in its order,
// its escapes and its forms of time. [Log.Source] gives the events to the
// functions of package evict, [Log.WriteTo] writes them as a log file.
//
// Nothing in a log is random or of today: the same calls give the same bytes.
//
// What EKS does not log is not in a log either, unless it is asked for:
// [Log.Level] and [Log.Received] choose other levels and stages.
//
// # Actors
//
// An [Actor] is a client. There is a function for each that is known to evict
// or delete pods, such as [EKSNodeManager], [Karpenter] and [Kubectl], and for
// those that follow, such as [Kubelet] and [Controller]. They have the user
// names, roles, user agents and bodies that were observed or that source code
// and documentation have; where no source has a string, it is left out.
//
// # Answers
//
// An [Answer] is what the API server says to a request to evict: [Accepted],
// [Blocked] and others with the names that their texts hold, and [Answered] for
// every other [evict.Outcome].
//
// # Scenarios
//
// [Scenarios] are stories that are ready, with all that package evict must read
// from them. Who writes a detector of their own can hold it to the same logs.
package evicttest
