// PackagePage.tsx - one package: its state, the verification as it happens, the
// server's checks, what happened to it.
//
// SPDX-License-Identifier: MIT
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useParams } from "react-router-dom";
import { useTexts } from "../../i18n/language.ts";
import { Card } from "../../parts/Card.tsx";
import { commandLine } from "../../parts/command.ts";
import { Page } from "../../parts/Page.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { Timeline } from "../events/Timeline.tsx";
import { useMay } from "../session/useSession.ts";
import { ChecksList } from "./ChecksList.tsx";
import { PackageFacts } from "./PackageFacts.tsx";
import { PackageState } from "./PackageState.tsx";
import { usePackage } from "./usePackages.ts";
import { Verification } from "./Verification.tsx";
import { VerifyDialog } from "./VerifyDialog.tsx";

export default function PackagePage() {
  const t = useTexts();
  const id = Number(useParams().id);
  const mayVerify = useMay("operator");
  const { data: found, ...query } = usePackage(id);
  const [verifying, setVerifying] = useState(false);
  const isFirst = found?.state === "UNVERIFIED";
  const verify = found && mayVerify && found.state !== "NOT_NEEDED" && (
    <Button type={isFirst ? "primary" : "default"} onClick={() => setVerifying(true)}>
      {found.job === null ? t.packages.verify : t.packages.verifyAgain}
    </Button>
  );
  return (
    <Page
      title={found?.version ?? t.packages.name}
      beside={
        found && (
          <span aria-live="polite">
            <PackageState state={found.state} />
          </span>
        )
      }
      parent={{ to: "/packages", text: t.packages.title }}
      actions={verify}
      commands={[
        commandLine("tern", "package", "show", id),
        commandLine("tern", "event", "list", "--package", id, "--follow"),
      ]}
    >
      {query.error && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton active />}
      {found && (
        <div className="columns">
          <div className="stack">
            <Verification of={found} />
            <Card title={t.packages.checks}>
              <ChecksList checks={found.checks} />
            </Card>
          </div>
          <div className="stack">
            <PackageFacts of={found} />
            <Card title={t.packages.timeline}>
              <Timeline filter={{ package_id: id }} showDevice />
            </Card>
          </div>
        </div>
      )}
      {verifying && found && (
        <VerifyDialog of={found} onClose={() => setVerifying(false)} />
      )}
    </Page>
  );
}
