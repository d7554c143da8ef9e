// FormDialog.tsx - a dialog with a form: Enter sends it, a refusal is shown in
// it, and it stays open until it has succeeded or is left.
//
// SPDX-License-Identifier: MIT
import { Form, Modal, type FormInstance } from "antd";
import type { ReactNode } from "react";
import { useTexts } from "../i18n/language.ts";
import { CommandLine } from "./CommandLine.tsx";
import { Problem } from "./Problem.tsx";

interface FormDialogProps<T> {
  /** Begins the id of each field. */
  name: string;
  title: string;
  hint?: string;
  submit: string;
  form: FormInstance<T>;
  initialValues?: Partial<T>;
  pending: boolean;
  error: unknown;
  commands: string[];
  onSubmit: (values: T) => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog<T extends object>(props: FormDialogProps<T>) {
  const t = useTexts();
  return (
    <Modal
      open
      title={props.title}
      okText={props.submit}
      cancelText={t.common.cancel}
      okButtonProps={{ htmlType: "submit", form: props.name }}
      confirmLoading={props.pending}
      maskClosable={false}
      onCancel={props.onClose}
      closable={{ "aria-label": t.common.close }}
    >
      <Form<T>
        id={props.name}
        name={props.name}
        form={props.form}
        layout="vertical"
        requiredMark={(label, { required }) => (
          <>
            {label}
            {!required && <span className="muted">&nbsp;({t.common.optional})</span>}
          </>
        )}
        initialValues={props.initialValues}
        scrollToFirstError={{ focus: true }}
        onFinish={props.onSubmit}
      >
        {props.hint && <p className="muted dialog-hint">{props.hint}</p>}
        {props.children}
      </Form>
      <div className="stack" style={{ gap: 12 }}>
        {Boolean(props.error) && <Problem error={props.error} title={props.title} />}
        <CommandLine commands={props.commands} />
      </div>
    </Modal>
  );
}
