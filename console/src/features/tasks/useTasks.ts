// useTasks.ts - the updates of a job, and ending one.
//
// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { must } from "../../api/refusal.ts";

export function useJobTasks(jobId: number) {
  return useQuery({
    queryKey: ["tasks", jobId],
    queryFn: () =>
      must(
        api.GET("/api/v1/jobs/{id}/tasks", {
          params: { path: { id: jobId }, query: { limit: 500 } },
        }),
      ),
    select: (page) => page.items,
  });
}

export function useCancelTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      must(api.POST("/api/v1/tasks/{id}/cancel", { params: { path: { id } } })),
    onSuccess: () =>
      Promise.all(
        ["tasks", "device", "package"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
